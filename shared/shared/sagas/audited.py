"""The auditor's doors to the sagas of a service: which have not ended, and a bell for one whose timer is lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared import shapes
from shared.auth import Caller
from shared.db import OpenWork
from shared.operating import log
from shared.permissions import Role
from shared.rpc import rpc
from shared.sagas import overdue, store
from shared.sagas.engine import Engine
from shared.work import Work

RINGING = text("""
    SELECT EXISTS (
        SELECT FROM outbox WHERE subject = :saga_id AND topic = :topic
        AND sent_at IS NULL AND failed_at IS NULL AND not_before IS NULL
    )
""")
Json = dict[str, Any]


@dataclass(frozen=True)
class OfSaga:
    saga_id: UUID


class AuditedSagas:
    """To be inherited by a service with `sagas = Sagas(Work, …)`."""

    work: OpenWork[Any]
    sagas: Engine

    @rpc(allow=Role.AUDITOR)
    def audit_sagas(self, _caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return overdue.page(work.connection, self.sagas.sagas, request)

    @rpc(allow=Role.AUDITOR)
    def wake_saga(self, caller: Caller, request: Json) -> Json:
        with self.work() as work:
            return {"repaired": wake(work, self.sagas, shapes.load(OfSaga, request).saga_id, str(caller.account))}


def wake(work: Work, engine: Engine, saga_id: UUID, actor: str) -> bool:
    """Ring a saga whose wait is over, as its timer should have; False when there is nothing to mend."""
    store.lock(work.connection, [saga_id])
    late = [saga for saga in overdue.some(work.connection, engine.sagas, [saga_id]) if _late(work, saga)]
    terms = {"saga_id": str(saga_id), "topic": engine.timer.topic}
    if not late or work.connection.execute(RINGING, terms).scalar_one():
        return False
    work.publish(engine.timer(saga_id=saga_id, attempt=late[0]["attempt"]))
    log.note(work, actor=actor, action="saga.wake", about=f"saga {saga_id}", before=late[0])
    return True


def _late(work: Work, saga: Json) -> bool:
    return bool(saga["deadline"]) and datetime.fromisoformat(saga["deadline"]) < work.now
