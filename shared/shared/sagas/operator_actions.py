"""Operator actions on sagas: resume, skip and cancel, for the attempt that the operator saw.

An action is written to the operator log in the transaction of the transition.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from shared.contracts.sagas.requests import CancelSaga, ResumeSaga, SagaActionRequest, SkipSaga
from shared.contracts.sagas.views import SagaView
from shared.operating import log
from shared.sagas import store
from shared.sagas.core import SagaActionNotAllowed
from shared.sagas.engine import Engine
from shared.sagas.instance import Instance
from shared.sagas.overview import SagaNotFound
from shared.work import Work

Json = dict[str, Any]
TRANSITIONS: Mapping[type[SagaActionRequest], Callable[[Engine, Work, UUID, str, str], None]] = {
    ResumeSaga: Engine.resume,
    SkipSaga: Engine.skip,
    CancelSaga: Engine.cancel_by_operator,
}


def perform(engine: Engine, work: Work, actor: str, request: SagaActionRequest) -> SagaView:
    """Perform an operator action and return the saga afterwards. Raises SagaNotFound, SagaActionNotAllowed.

    A saga that has moved on since the attempt that the operator saw is refused and left unchanged.
    """
    before = _locked(engine, work, request.saga_id)
    if before.attempt != request.attempt:
        raise SagaActionNotAllowed(saga=summary(before))
    TRANSITIONS[type(request)](engine, work, request.saga_id, actor, request.note)
    after = _locked(engine, work, request.saga_id)
    if after == before:  # it has ended, or is being undone already
        raise SagaActionNotAllowed(saga=summary(before))
    _note(work, actor, request, before, after)
    return engine.short(work, request.saga_id)


def summary(saga: Instance) -> Json:
    """The state of a saga, for the operator log and for the error of a late action."""
    return {"status": saga.status, "step": saga.step, "attempt": saga.attempt, "reason": saga.reason}


def _note(work: Work, actor: str, request: SagaActionRequest, before: Instance, after: Instance) -> None:
    log.note(
        work,
        actor=actor,
        action=request.contract.action or request.contract.name,
        about=f"saga {request.saga_id}",
        note=request.note,
        before=summary(before),
        after=summary(after),
    )


def _locked(engine: Engine, work: Work, saga_id: UUID) -> Instance:
    found = store.lock(work.connection, [saga_id])
    if not found:
        raise SagaNotFound(saga_id=str(saga_id))
    return found[0].instance(engine.sagas[found[0].name])
