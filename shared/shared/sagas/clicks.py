"""An operator's click: who pushes which button of a saga, why, and what was on the screen.

It is written into the operator log, in the transaction of the move.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.operating import log
from shared.sagas import store
from shared.sagas.core import WrongMoment
from shared.sagas.engine import Engine
from shared.sagas.instance import Instance
from shared.sagas.overview import NoSuchSaga
from shared.work import Work

Json = dict[str, Any]


class Button(StrEnum):
    """What an operator can have a saga do; the value is what the operator log calls it."""

    RESUME = "saga.resume"
    SKIP = "saga.skip"
    CANCEL = "saga.cancel"


@dataclass(frozen=True, kw_only=True)
class Click:
    """`attempt` is the one that the operator saw: a saga that has moved on since is another question."""

    saga_id: UUID
    actor: str
    note: str
    attempt: int


def push(engine: Engine, work: Work, button: Button, click: Click) -> Json:
    """Move a saga for an operator; how it stands then. Raises NoSuchSaga, WrongMoment."""
    before = _locked(engine, work, click.saga_id)
    if before.attempt != click.attempt:
        raise WrongMoment(saga=standing(before))
    does = {Button.RESUME: engine.resume, Button.SKIP: engine.skip, Button.CANCEL: engine.stop}
    does[button](work, click.saga_id, click.actor, click.note)
    after = _locked(engine, work, click.saga_id)
    if after == before:  # it has ended, or goes back already
        raise WrongMoment(saga=standing(before))
    log.note(
        work,
        actor=click.actor,
        action=button,
        about=f"saga {click.saga_id}",
        note=click.note,
        before=standing(before),
        after=standing(after),
    )
    return engine.short(work, click.saga_id)


def standing(saga: Instance) -> Json:
    """How a saga stands, for the operator log and for those who come too late."""
    return {"status": saga.status, "step": saga.step, "attempt": saga.attempt, "reason": saga.reason}


def _locked(engine: Engine, work: Work, saga_id: UUID) -> Instance:
    found = store.lock(work.connection, [saga_id])
    if not found:
        raise NoSuchSaga(saga_id=str(saga_id))
    return found[0].instance(engine.sagas[found[0].name])
