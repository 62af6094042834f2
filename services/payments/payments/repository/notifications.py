"""The inbox of the providers' reports."""

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from payments.tables import notifications


class Notifications:
    """Reports that were handled."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, provider: str, event_id: str, *, at: datetime) -> bool:
        """Note a report and say whether it is news; its equals of the same moment wait for it."""
        row = {"provider": provider, "event_id": event_id, "received_at": at}
        statement = insert(notifications).on_conflict_do_nothing().returning(notifications.c.event_id)
        return self._connection.execute(statement, row).scalar() is not None
