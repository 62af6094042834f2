"""How long something may be under way before it counts as lost."""

from datetime import timedelta

from shared import settings
from shared.delivery import Policy


def unsent() -> timedelta:
    """A row that should have left; the alarm on the outbox's lag comes first."""
    return _seconds("AUDIT_UNSENT_SECONDS", 300)


def unhandled() -> timedelta:
    """From the broker's confirm until the last try: the whole retry ladder, and a margin."""
    ladder = sum(Policy.from_environment().rungs)
    return timedelta(seconds=ladder) + _seconds("AUDIT_MARGIN_SECONDS", 300)


def unseen() -> timedelta:
    """A dead letter or a stuck saga that no person has seen to."""
    return _seconds("AUDIT_UNSEEN_SECONDS", 24 * 3600)


def _seconds(name: str, default: float) -> timedelta:
    return timedelta(seconds=settings.number(name, default))
