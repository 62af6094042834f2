"""The record of every import: what was sent, how far it got, what was reported."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catalog.tables import product_import as table


@dataclass(frozen=True)
class Imports:
    """Reads and writes import records."""

    connection: sa.Connection

    def begin(self, **record: Any) -> Any:
        """Store a running import, or find the one with the same key; returns the stored record."""
        row = insert(table).values(**record, state="running").on_conflict_do_nothing().returning(table)
        same = sa.select(table).filter_by(shop_id=record["shop_id"], idempotency_key=record["idempotency_key"])
        fresh = self.connection.execute(row).mappings().one_or_none()
        return fresh or self.connection.execute(same).mappings().one()

    def finish(self, import_id: UUID, report: dict[str, Any], now: datetime) -> None:
        row = sa.update(table).where(table.c.import_id == import_id)
        self.connection.execute(row.values(state="done", report=report, finished_at=now))

    def get(self, import_id: UUID) -> Any:
        """The record, None if there is no such import."""
        return (
            self.connection.execute(sa.select(table).where(table.c.import_id == import_id))
            .mappings()
            .one_or_none()
        )
