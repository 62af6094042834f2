"""For how long it is remembered what was sent and handled, and for how long a message may come again.

A copy of a message must not come when nobody remembers it: MEMORY outlasts the ladder of retries and BY_HAND.
"""

from collections.abc import Iterable
from datetime import timedelta

SENT = timedelta(days=7)  # sent rows of the outbox, idempotency keys
MEMORY = timedelta(days=30)  # rows of the inbox
BY_HAND = timedelta(days=21)  # since its first failure; then an operator can have a message no longer tried again


class LadderTooLong(ValueError):
    """With these RETRY_RUNGS a message may come again when nobody remembers that it was handled."""


def longest(rungs: Iterable[float]) -> timedelta:
    """How long after its first copy the last one of a message may come, by this ladder and by hand."""
    return 2 * timedelta(seconds=sum(rungs)) + BY_HAND  # the ladder begins anew when it is tried again by hand


def check(rungs: Iterable[float]) -> None:
    """Raise LadderTooLong."""
    if longest(rungs) >= MEMORY:
        raise LadderTooLong(f"{longest(rungs)} is not less than {MEMORY}")
