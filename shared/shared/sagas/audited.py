"""Audit queries on the sagas of a service: lists those that have not ended, and wakes one whose timer is lost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.auth import Caller
from shared.contracts.auditing.requests import AuditSagas, WakeSaga
from shared.contracts.auditing.views import AuditPage, Repaired
from shared.db import OpenWork
from shared.entrypoints import answers
from shared.operating import log
from shared.sagas import overdue, store
from shared.sagas.engine import Engine
from shared.work import Work

TIMER_WAITS = text("""
    SELECT EXISTS (
        SELECT FROM outbox WHERE subject = :saga_id AND topic = :topic
        AND sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL
    )
""")
Json = dict[str, Any]


class AuditedSagas:
    """Mixin for a service with `sagas = Sagas(Work, …)`."""

    work: OpenWork[Any]
    sagas: Engine

    @answers(AuditSagas)
    def audit_sagas(self, work: Work, _caller: Caller, request: AuditSagas) -> AuditPage:
        return overdue.page(work.connection, self.sagas.sagas, request)

    @answers(WakeSaga)
    def wake_saga(self, work: Work, caller: Caller, request: WakeSaga) -> Repaired:
        return Repaired(repaired=wake(work, self.sagas, request.saga_id, str(caller.account)))


def wake(work: Work, engine: Engine, saga_id: UUID, actor: str) -> bool:
    """Send an overdue saga the timer that it lost. Returns False when there is nothing to repair."""
    store.lock(work.connection, [saga_id])
    late = [saga for saga in overdue.some(work.connection, engine.sagas, [saga_id]) if _late(work, saga)]
    terms = {"saga_id": str(saga_id), "topic": engine.timer.topic}
    if not late or work.connection.execute(TIMER_WAITS, terms).scalar_one():
        return False
    work.publish(engine.timer(saga_id=saga_id, attempt=late[0]["attempt"]))
    log.note(work, actor=actor, action="saga.wake", about=f"saga {saga_id}", before=late[0])
    return True


def _late(work: Work, saga: Json) -> bool:
    return bool(saga["deadline"]) and datetime.fromisoformat(saga["deadline"]) < work.now
