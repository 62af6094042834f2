"""How long sent and handled messages are kept, and for how long a message may be redelivered.

A copy of a message must not arrive after its inbox row was removed: MEMORY is longer than the retry ladder plus
BY_HAND.
"""

from collections.abc import Iterable
from datetime import timedelta

SENT = timedelta(days=7)  # sent rows of the outbox, idempotency keys
MEMORY = timedelta(days=30)  # rows of the inbox
BY_HAND = timedelta(days=21)  # from its first failure: for so long an operator can retry a dead letter


class LadderTooLong(ValueError):
    """With these RETRY_RUNGS a message may be redelivered after its inbox row was removed."""


def longest(rungs: Iterable[float]) -> timedelta:
    """The longest time between the first and the last delivery of a message."""
    return 2 * timedelta(seconds=sum(rungs)) + BY_HAND  # a retry by an operator starts the ladder again


def check(rungs: Iterable[float]) -> None:
    """Raise LadderTooLong if the last delivery may come after MEMORY."""
    if longest(rungs) >= MEMORY:
        raise LadderTooLong(f"{longest(rungs)} is not less than {MEMORY}")
