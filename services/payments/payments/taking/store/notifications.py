"""The providers' notifications, stored before they are processed."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from payments.providers.front import Notification, ProviderPayment, ProviderRefund
from payments.taking.model.notifications import About, Key, StoredNotification
from payments.taking.tables import notifications
from shared import shapes
from shared.rows import append, change

KINDS: dict[str, type] = {"payment": ProviderPayment, "refund": ProviderRefund}


class Notifications:
    """The stored notifications."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, provider: str, notification: Notification, *, at: datetime, traceparent: str | None) -> None:
        """Store a notification, due at once, unless it is known."""
        about = notification.about
        row = {
            "provider": provider,
            "event_id": notification.id,
            "kind": next((kind for kind, shape in KINDS.items() if isinstance(about, shape)), None),
            "about": about and shapes.dump(about),
            "document": dict(notification.document),
            "traceparent": traceparent,
            "tries": 0,
            "process_at": at,
            "received_at": at,
        }
        append(self._connection, notifications, [row], unless_known=True)

    def lock(self, key: Key) -> StoredNotification | None:
        """An unprocessed notification, locked, or None; concurrent deliveries of it wait."""
        waiting = _this(key) & notifications.c.process_at.is_not(None)
        row = self._connection.execute(select(notifications).where(waiting).with_for_update()).mappings().first()
        return _notification(row) if row else None

    def lock_due(self, now: datetime, most: int) -> Sequence[StoredNotification]:
        """Notifications due to be processed that nobody else has locked, those due for the longest first."""
        due = select(notifications).where(notifications.c.process_at <= now).order_by(notifications.c.process_at)
        locked = due.limit(most).with_for_update(skip_locked=True)
        return [_notification(row) for row in self._connection.execute(locked).mappings()]

    def count_tried(self) -> int:
        """The number of unprocessed notifications whose processing has failed before."""
        waiting = notifications.c.process_at.is_not(None) & (notifications.c.tries > 0)
        return self._connection.execute(select(func.count()).where(waiting)).scalar_one()

    def finish(self, key: Key, outcome: str) -> None:
        """Store the outcome of a notification."""
        self._change(key, process_at=None, outcome=outcome)

    def postpone(self, key: Key, until: datetime, tries: int) -> None:
        """Store that processing failed, and when it is retried."""
        self._change(key, process_at=until, tries=tries)

    def _change(self, key: Key, **changes: Any) -> None:
        change(self._connection, notifications, {"provider": key[0], "event_id": key[1]}, changes)


def _this(key: Key) -> Any:
    return (notifications.c.provider == key[0]) & (notifications.c.event_id == key[1])


def _notification(row: Any) -> StoredNotification:
    key = (row["provider"], row["event_id"])
    return StoredNotification(key, partial(_about, row), tries=row["tries"], traceparent=row["traceparent"])


def _about(row: Any) -> About:
    shape = KINDS.get(row["kind"] or "")
    return shapes.load(shape, row["about"]) if shape else None
