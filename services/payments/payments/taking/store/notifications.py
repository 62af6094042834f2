"""The providers' notifications, stored before they are processed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from payments.providers.front import Notification, ProviderPayment, ProviderRefund
from payments.taking.model.notifications import Key, StoredNotification
from payments.taking.tables import notifications
from shared import shapes
from shared.round_trips import later

KINDS: dict[str, type] = {"payment": ProviderPayment, "refund": ProviderRefund}


class Notifications:
    """The stored notifications."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, provider: str, notification: Notification, *, at: datetime) -> bool:
        """Store a notification, due at once; returns whether it was new."""
        about = notification.about
        row = {
            "provider": provider,
            "event_id": notification.id,
            "kind": next((kind for kind, shape in KINDS.items() if isinstance(about, shape)), None),
            "about": about and shapes.dump(about),
            "document": dict(notification.document),
            "tries": 0,
            "process_at": at,
            "received_at": at,
        }
        statement = insert(notifications).on_conflict_do_nothing().returning(notifications.c.event_id)
        return self._connection.execute(statement, row).scalar() is not None

    def lock(self, key: Key) -> StoredNotification | None:
        """An unprocessed notification, locked, or None; concurrent deliveries of it wait."""
        waiting = _this(key) & notifications.c.process_at.is_not(None)
        row = self._connection.execute(select(notifications).where(waiting).with_for_update()).mappings().first()
        return _notification(row) if row else None

    def waiting(self, now: datetime, most: int) -> Sequence[Key]:
        """The notifications due to be processed, those due for the longest first."""
        due = select(notifications.c.provider, notifications.c.event_id).where(notifications.c.process_at <= now)
        return [
            (row[0], row[1])
            for row in self._connection.execute(due.order_by(notifications.c.process_at).limit(most))
        ]

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
        later(self._connection, notifications.update().where(_this(key)), changes)


def _this(key: Key) -> Any:
    return (notifications.c.provider == key[0]) & (notifications.c.event_id == key[1])


def _notification(row: Any) -> StoredNotification:
    shape = KINDS.get(row["kind"] or "")
    about = shapes.load(shape, row["about"]) if shape else None
    return StoredNotification(key=(row["provider"], row["event_id"]), about=about, tries=row["tries"])
