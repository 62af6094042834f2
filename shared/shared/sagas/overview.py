"""What operators see of sagas: lists, time lines, and the figures that alarms are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.errors import NotFound
from shared.sagas import measures, timeline
from shared.sagas.definition import Saga, Work
from shared.sagas.instance import ENDED, Status
from shared.sagas.tables import saga as sagas
from shared.shapes import text, whole

Json = dict[str, Any]


class NoSuchSaga(NotFound):
    """There is no saga with this id."""

    code = "no_such_saga"


class Overview:
    """Reads of all sagas of a service."""

    sagas: dict[str, Saga]

    def timeline(self, work: Work, saga_id: UUID) -> Json:
        """One saga: how it stands, what happened to it, what it waits for. Raises NoSuchSaga."""
        row = _row(work, saga_id)
        return {**summary(row), **timeline.document(work.connection, self.sagas[row["name"]], row)}

    def short(self, work: Work, saga_id: UUID) -> Json:
        """How one saga stands. Raises NoSuchSaga."""
        return summary(_row(work, saga_id))

    def measure(self, work: Work) -> None:
        """Set the gauges: sagas under way and the age of the one that moved last the longest ago."""
        kind = (sagas.c.name, sagas.c.status)
        rows = sa.select(*kind, sa.func.count(), sa.func.min(sagas.c.updated_at)).group_by(*kind)
        under_way = work.connection.execute(rows.where(sagas.c.status.not_in(ENDED)))
        found = {(name, status): (count, work.now - moved) for name, status, count, moved in under_way}
        for name in self.sagas:
            for status in (status for status in Status if status not in ENDED):
                count, age = found.get((name, status), (0, timedelta()))
                measures.open_now.labels(name, status).set(count)
                measures.oldest.labels(name, status).set(age.total_seconds())

    def list(self, work: Work, which: "Search") -> Json:
        """A page of sagas without their states: {"items": […], "next": cursor or null}."""
        wanted = self._wanted(which, work.now)
        by = sagas.c.saga_id.asc() if which.order == Order.OLDEST else sagas.c.saga_id.desc()
        rows = sa.select(sagas).where(*wanted).order_by(by).limit(which.limit + 1)
        found = [summary(row) for row in work.connection.execute(rows).mappings()]
        more = found[which.limit - 1]["saga_id"] if len(found) > which.limit else None
        return {"items": found[: which.limit], "next": more}

    def _wanted(self, which: "Search", now: datetime) -> Iterable[sa.ColumnElement[bool]]:
        if which.name:
            yield sagas.c.name == which.name
        if which.key:
            yield sagas.c.business_key == which.key
        if which.status:
            yield sagas.c.status == which.status
        if which.resting_for is not None:
            yield self._rests(now - timedelta(seconds=which.resting_for))
        if which.cursor:
            yield sagas.c.saga_id > which.cursor if which.order == Order.OLDEST else sagas.c.saga_id < which.cursor

    def _rests(self, since: datetime) -> sa.ColumnElement[bool]:
        """Under way, not moved since then, and no wait for a fact explains it; or stuck since then."""
        waits = [step.name for saga in self.sagas.values() for step in saga.awaits]
        patient = (sagas.c.status == Status.RUNNING) & sa.func.coalesce(sagas.c.step, "").in_(waits)
        return sagas.c.status.not_in(ENDED) & (sagas.c.updated_at < since) & ~patient


class Order(StrEnum):
    """Which sagas come first, by when they began."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, kw_only=True)
class Search:
    """A page of sagas: of one name, about one thing (`key`), of one status, without a move for so many seconds."""

    name: str | None = text(100, default=None)
    key: str | None = text(100, default=None)
    status: str | None = text(20, default=None)
    resting_for: int | None = whole(0, 10_000_000, default=None)
    order: Order = Order.NEWEST
    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


def _row(work: Work, saga_id: UUID) -> Any:
    row = work.connection.execute(sa.select(sagas).where(sagas.c.saga_id == saga_id)).mappings().one_or_none()
    if row is None:
        raise NoSuchSaga(saga_id=str(saga_id))
    return row


def summary(row: Any) -> Json:
    """How a saga stands, in short. Whoever pushes a button says which `attempt` was looked at."""
    return {
        "saga_id": str(row["saga_id"]),
        "name": row["name"],
        "key": row["business_key"],
        "version": row["version"],
        "status": row["status"],
        "step": row["step"],
        "attempt": row["attempt"],
        "asked": row["asked"],
        "reason": row["reason"],
        "started_at": row["started_at"].isoformat(),
        "updated_at": row["updated_at"].isoformat(),
    }
