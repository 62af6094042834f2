"""How long a message or a saga may be in progress before it counts as lost."""

from datetime import timedelta

from shared import settings
from shared.delivery import Policy


def unsent() -> timedelta:
    """For an outbox row that is due; longer than the alert on the outbox's lag."""
    return _seconds("AUDIT_UNSENT_SECONDS", 300)


def unhandled() -> timedelta:
    """From the broker's confirm to the last try: the whole retry ladder and a margin."""
    ladder = sum(Policy.from_environment().rungs)
    return timedelta(seconds=ladder) + _seconds("AUDIT_MARGIN_SECONDS", 300)


def unresolved() -> timedelta:
    """For a dead letter or a stuck saga to be resolved by an operator."""
    return _seconds("AUDIT_UNRESOLVED_SECONDS", 24 * 3600)


def _seconds(name: str, default: float) -> timedelta:
    return timedelta(seconds=settings.number(name, default))
