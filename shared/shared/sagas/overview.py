"""What operators see of sagas: lists, time lines, and the figures that alarms are made of."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.errors import NotFound
from shared.masking import masked
from shared.sagas import measures, store
from shared.sagas.definition import Await, Saga, Work
from shared.sagas.instance import ENDED, Status
from shared.sagas.tables import saga as sagas

Json = dict[str, Any]
PATIENCE = timedelta(minutes=5)


class NoSuchSaga(NotFound):
    """There is no saga with this id."""

    code = "no_such_saga"


class Overview:
    """Reads of all sagas of a service."""

    sagas: dict[str, Saga]

    def timeline(self, work: Work, saga_id: UUID) -> Json:
        """One saga: how it stands, its steps, and everything that happened to it, personal data masked."""
        row = work.connection.execute(sa.select(sagas).where(sagas.c.saga_id == saga_id)).mappings().one_or_none()
        if row is None:
            raise NoSuchSaga(saga_id=str(saga_id))
        transitions = [_transition(one) for one in store.history(work.connection, saga_id)]
        steps = [_step(step) for step in self.sagas[row["name"]].steps]
        return {**_summary(row), "state": masked(row["state"]), "steps": steps, "transitions": transitions}

    def resting(self, work: Work, *, longer_than: timedelta = PATIENCE, limit: int = 100) -> list[Json]:
        """Sagas that are stuck, or that did not move for so long although no wait of theirs explains it."""
        waits = [step.name for saga in self.sagas.values() for step in saga.awaits]
        idle = sagas.c.status.not_in(ENDED) & (sagas.c.updated_at < work.now - longer_than)
        idle &= sa.func.coalesce(sagas.c.step, "").not_in(waits)
        rows = sa.select(sagas).where((sagas.c.status == Status.STUCK) | idle)
        rows = rows.order_by(sagas.c.updated_at).limit(limit)
        return [_summary(row) for row in work.connection.execute(rows).mappings()]

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

    def list(
        self,
        work: Work,
        *,
        name: str | None = None,
        status: str | None = None,
        after: UUID | None = None,
        limit: int = 20,
    ) -> Json:
        """A page of sagas, the newest first, without their states: {"items": […], "next": cursor or null}."""
        which = [sagas.c.name == name] if name else []
        which += [sagas.c.status == status] if status else []
        which += [sagas.c.saga_id < after] if after else []
        rows = sa.select(sagas).where(*which).order_by(sagas.c.saga_id.desc()).limit(limit + 1)
        found = [_summary(row) for row in work.connection.execute(rows).mappings()]
        more = found[limit - 1]["saga_id"] if len(found) > limit else None
        return {"items": found[:limit], "next": more}


def _summary(row: Any) -> Json:
    return {
        "saga_id": str(row["saga_id"]),
        "name": row["name"],
        "key": row["business_key"],
        "version": row["version"],
        "status": row["status"],
        "step": row["step"],
        "asked": row["asked"],
        "reason": row["reason"],
        "started_at": row["started_at"].isoformat(),
        "updated_at": row["updated_at"].isoformat(),
    }


def _step(step: Any) -> Json:
    kind = "await" if isinstance(step, Await) else type(step).__name__.lower()
    return {"name": step.name, "kind": kind, "pivot": step.pivot}


def _transition(row: Any) -> Json:
    return {
        "at": row["at"].isoformat(),
        "input": masked(row["input"]),
        "from": {"status": row["from_status"], "step": row["from_step"]},
        "to": {"status": row["to_status"], "step": row["to_step"]},
        "said": row["said"] and str(row["said"]),
        "cause": row["cause_id"] and str(row["cause_id"]),
        "actor": row["actor"],
        "note": row["note"],
    }
