"""Import records, which are also the queue of the import worker."""

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
LISTED = table.c["import_id", "shop_id", "filename", "state", "problem", "started_at", "finished_at"]
UNFINISHED = table.c.csv.is_not(None)


class ImportState(StrEnum):
    """The state of an import. The file is stored while it is waiting or running."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An import that this worker owns until `claimed_until`.

    `claim` is the number of this claim; `attempt` counts the claims since the last stored progress.
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
    """Reads and writes import records. Leases use the database's clock, which all workers share."""

    connection: sa.Connection

    def add(self, **record: Any) -> Any | None:
        """Store a waiting import; None if the shop has an unfinished one, or one with this key."""
        row = insert(table).values(**record, state=ImportState.WAITING).on_conflict_do_nothing()
        return self.connection.execute(row.returning(*SHOWN)).mappings().one_or_none()

    def with_key(self, shop_id: UUID, idempotency_key: str | None) -> Any | None:
        return self._one(table.c.shop_id == shop_id, table.c.idempotency_key == idempotency_key)

    def unfinished(self, shop_id: UUID) -> Any | None:
        """The shop's waiting or running import; there is at most one."""
        return self._one(table.c.shop_id == shop_id, UNFINISHED)

    def get(self, import_id: UUID) -> Any | None:
        """The record, None if there is no such import."""
        return self._one(table.c.import_id == import_id)

    def of_shop(self, shop_id: UUID, *, after: UUID | None, limit: int) -> list[Any]:
        """The newest imports of a shop, older than `after`; their reports without the errors of rows."""
        rows = sa.select(*LISTED, table.c.report.delete_path(["errors"]).label("report")).where(
            table.c.shop_id == shop_id
        )
        rows = rows.where(table.c.import_id < after) if after else rows
        return list(self.connection.execute(rows.order_by(table.c.import_id.desc()).limit(limit)).mappings())

    def claim(self, lease: timedelta) -> Claim | None:
        """Claim the import that has waited longest among those without a worker or with an expired lease."""
        free = sa.or_(table.c.claimed_until.is_(None), table.c.claimed_until < sa.func.now())
        first = sa.select(table.c.import_id).where(UNFINISHED, free).order_by(table.c.queued_at, table.c.import_id)
        row = sa.update(table).where(
            table.c.import_id == first.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        )
        counted = {"claim": table.c.claim + 1, "attempt": table.c.attempt + 1}
        row = row.values(state=ImportState.RUNNING, **counted, claimed_until=sa.func.now() + lease)
        columns = [table.c[name] for name in Claim.__dataclass_fields__]
        found = self.connection.execute(row.returning(*columns)).mappings().one_or_none()
        return Claim(**found) if found else None

    def save_progress(self, claim: Claim, lease: timedelta, progress: Mapping[str, Any]) -> bool:
        """Store the progress and extend the lease; False if another worker has the import."""
        return self._change(claim, claimed_until=sa.func.now() + lease, progress=progress, attempt=0)

    def put_back(self, claim: Claim) -> bool:
        """Return it to the end of the queue, without counting the attempt; False if another worker has it."""
        waiting = {"state": ImportState.WAITING, "claimed_until": None, "queued_at": sa.func.now()}
        return self._change(claim, **waiting, attempt=sa.func.greatest(table.c.attempt - 1, 0))

    def others_wait(self) -> bool:
        """Whether there is an import without a worker."""
        found = sa.select(table.c.import_id).where(UNFINISHED, table.c.claimed_until.is_(None)).limit(1)
        return self.connection.execute(found).first() is not None

    def finish(self, claim: Claim, now: datetime, report: Mapping[str, Any]) -> bool:
        return self._change(claim, state=ImportState.DONE, report=report, finished_at=now, csv=None)

    def fail(self, claim: Claim, now: datetime, problem: Mapping[str, Any]) -> bool:
        return self._change(claim, state=ImportState.FAILED, problem=problem, finished_at=now, csv=None)

    def unfinished_count(self) -> int:
        """The number of waiting and running imports."""
        return self.connection.execute(sa.select(sa.func.count()).where(UNFINISHED)).scalar_one()

    def _change(self, claim: Claim, **values: Any) -> bool:
        mine = sa.and_(table.c.import_id == claim.import_id, table.c.claim == claim.claim, UNFINISHED)
        return self.connection.execute(sa.update(table).where(mine).values(**values)).rowcount == 1

    def _one(self, *conditions: sa.ColumnElement[bool]) -> Any | None:
        return self.connection.execute(sa.select(*SHOWN).where(*conditions)).mappings().one_or_none()
