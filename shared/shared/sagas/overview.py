"""Sagas as operators see them: lists, time lines, and the metrics behind the alerts."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.contracts.pages import Page, page
from shared.contracts.sagas.requests import ListSagas, SagaOrder
from shared.contracts.sagas.views import SagaStatus, SagaTimeline, SagaView
from shared.errors import NotFound
from shared.sagas import measures, timeline
from shared.sagas.definition import Saga, Work
from shared.sagas.instance import ENDED, Status
from shared.sagas.tables import saga as sagas


class SagaNotFound(NotFound):
    """No saga has this id."""

    code = "saga_not_found"


class Overview:
    """Queries on all sagas of a service."""

    sagas: dict[str, Saga]

    def timeline(self, work: Work, saga_id: UUID) -> SagaTimeline:
        """One saga with its state, its history and its timer. Raises SagaNotFound."""
        row = _row(work, saga_id)
        return SagaTimeline(**_known(row), **timeline.parts(work.connection, self.sagas[row["name"]], row))

    def short(self, work: Work, saga_id: UUID) -> SagaView:
        """The summary of one saga. Raises SagaNotFound."""
        return _view(_row(work, saga_id))

    def measure(self, work: Work) -> None:
        """Set the gauges: the number of open sagas, and the longest time since a transition."""
        kind = (sagas.c.name, sagas.c.status)
        rows = sa.select(*kind, sa.func.count(), sa.func.min(sagas.c.updated_at)).group_by(*kind)
        under_way = work.connection.execute(rows.where(sagas.c.status.not_in(ENDED)))
        found = {(name, status): (count, work.now - moved) for name, status, count, moved in under_way}
        for name in self.sagas:
            for status in (status for status in Status if status not in ENDED):
                count, age = found.get((name, status), (0, timedelta()))
                measures.open_now.labels(name, status).set(count)
                measures.oldest.labels(name, status).set(age.total_seconds())

    def list(self, work: Work, which: ListSagas) -> Page[SagaView]:
        """A page of saga summaries."""
        wanted = self._wanted(which, work.now)
        by = sagas.c.saga_id.asc() if which.order is SagaOrder.OLDEST else sagas.c.saga_id.desc()
        rows = sa.select(sagas).where(*wanted).order_by(by).limit(which.limit + 1)
        found = work.connection.execute(rows).mappings().all()
        return page(found, _view, lambda row: row["saga_id"], which.limit)

    def of_keys(self, work: Work, keys: Sequence[str]) -> tuple[SagaView, ...]:
        """The sagas of these objects, by their start."""
        rows = sa.select(sagas).where(sagas.c.business_key.in_(keys)).order_by(sagas.c.saga_id)
        return tuple(map(_view, work.connection.execute(rows).mappings()))

    def _wanted(self, which: ListSagas, now: datetime) -> Iterable[sa.ColumnElement[bool]]:
        if which.name:
            yield sagas.c.name == which.name
        if which.key:
            yield sagas.c.business_key == which.key
        if which.status:
            yield sagas.c.status == which.status
        if which.idle_for is not None:
            yield self._idle(now - timedelta(seconds=which.idle_for))
        if which.cursor:
            oldest_first = which.order is SagaOrder.OLDEST
            yield sagas.c.saga_id > which.cursor if oldest_first else sagas.c.saga_id < which.cursor

    def _idle(self, since: datetime) -> sa.ColumnElement[bool]:
        """Open sagas without a transition since then, except those that await an event."""
        waits = [step.name for saga in self.sagas.values() for step in saga.awaits]
        awaiting_event = (sagas.c.status == Status.RUNNING) & sa.func.coalesce(sagas.c.step, "").in_(waits)
        return sagas.c.status.not_in(ENDED) & (sagas.c.updated_at < since) & ~awaiting_event


def _row(work: Work, saga_id: UUID) -> Any:
    row = work.connection.execute(sa.select(sagas).where(sagas.c.saga_id == saga_id)).mappings().one_or_none()
    if row is None:
        raise SagaNotFound(saga_id=str(saga_id))
    return row


def _view(row: Any) -> SagaView:
    return SagaView(**_known(row))


def _known(row: Any) -> dict[str, Any]:
    """The fields of a saga's summary."""
    same = ("saga_id", "name", "version", "step", "attempt", "reason", "started_at", "updated_at")
    named = {"key": row["business_key"], "status": SagaStatus(row["status"]), "tries": row["tries"]}
    return {name: row[name] for name in same} | named
