"""The record of every import, which is also the queue that the import worker takes them from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catalog.importing.tables import product_import as table

SHOWN = [column for column in table.columns if column is not table.c.csv]
NOT_OVER = table.c.csv.is_not(None)


class ImportState(StrEnum):
    """How far an import is; while it waits or runs, the file is kept with it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An import that is ours until `claimed_until`.

    `claim` tells it from any other claim; `attempt` is how often it was taken up since it last got any further.
    """

    import_id: UUID
    shop_id: UUID
    actor_id: UUID | None
    csv: bytes
    claim: int
    attempt: int
    progress: Mapping[str, Any] | None
    correlation_id: UUID
    traceparent: str | None


@dataclass(frozen=True)
class Imports:
    """Reads and writes import records. Claims go by the database's clock, the same for every worker."""

    connection: sa.Connection

    def add(self, **record: Any) -> Any | None:
        """Store an import that waits; None if the shop has one that is not over, or one with this key."""
        row = insert(table).values(**record, state=ImportState.WAITING).on_conflict_do_nothing()
        return self.connection.execute(row.returning(*SHOWN)).mappings().one_or_none()

    def with_key(self, shop_id: UUID, idempotency_key: str | None) -> Any | None:
        return self._one(table.c.shop_id == shop_id, table.c.idempotency_key == idempotency_key)

    def not_over(self, shop_id: UUID) -> Any | None:
        """The shop's import that waits or runs; there is one at most."""
        return self._one(table.c.shop_id == shop_id, NOT_OVER)

    def get(self, import_id: UUID) -> Any | None:
        """The record, None if there is no such import."""
        return self._one(table.c.import_id == import_id)

    def claim(self, lease: timedelta) -> Claim | None:
        """The import that has waited longest of those that nobody has, or whose worker has fallen silent."""
        free = sa.or_(table.c.claimed_until.is_(None), table.c.claimed_until < sa.func.now())
        first = sa.select(table.c.import_id).where(NOT_OVER, free).order_by(table.c.queued_at, table.c.import_id)
        row = sa.update(table).where(
            table.c.import_id == first.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        )
        counted = {"claim": table.c.claim + 1, "attempt": table.c.attempt + 1}
        row = row.values(state=ImportState.RUNNING, **counted, claimed_until=sa.func.now() + lease)
        columns = [table.c[name] for name in Claim.__dataclass_fields__]
        found = self.connection.execute(row.returning(*columns)).mappings().one_or_none()
        return Claim(**found) if found else None

    def get_on(self, claim: Claim, lease: timedelta, progress: Mapping[str, Any]) -> bool:
        """Remember how far it is, for whoever takes it up next, and keep the claim; False if it is another's."""
        return self._change(claim, claimed_until=sa.func.now() + lease, progress=progress, attempt=0)

    def let_go(self, claim: Claim) -> bool:
        """Give it back untried, behind those that wait: the next worker that is free takes it up."""
        back = {"state": ImportState.WAITING, "claimed_until": None, "queued_at": sa.func.now()}
        return self._change(claim, **back, attempt=sa.func.greatest(table.c.attempt - 1, 0))

    def others_wait(self) -> bool:
        """Whether there is an import that nobody has in hand."""
        found = sa.select(table.c.import_id).where(NOT_OVER, table.c.claimed_until.is_(None)).limit(1)
        return self.connection.execute(found).first() is not None

    def finish(self, claim: Claim, now: datetime, report: Mapping[str, Any]) -> bool:
        return self._change(claim, state=ImportState.DONE, report=report, finished_at=now, csv=None)

    def fail(self, claim: Claim, now: datetime, problem: Mapping[str, Any]) -> bool:
        return self._change(claim, state=ImportState.FAILED, problem=problem, finished_at=now, csv=None)

    def waiting(self) -> int:
        """How many are not over."""
        return self.connection.execute(sa.select(sa.func.count()).where(NOT_OVER)).scalar_one()

    def _change(self, claim: Claim, **values: Any) -> bool:
        mine = sa.and_(table.c.import_id == claim.import_id, table.c.claim == claim.claim, NOT_OVER)
        return self.connection.execute(sa.update(table).where(mine).values(**values)).rowcount == 1

    def _one(self, *conditions: sa.ColumnElement[bool]) -> Any | None:
        return self.connection.execute(sa.select(*SHOWN).where(*conditions)).mappings().one_or_none()
