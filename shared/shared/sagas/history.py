"""The history of a saga as append-only rows; replaying them yields the current state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared import messages, shapes
from shared.sagas.core import decide
from shared.sagas.definition import Saga, State
from shared.sagas.instance import Cancel, Input, Instance, Ran, Received, Resume, Skip, TimerFired, replace

Json = dict[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The cause of a transition: a message (`cause_id`), a user or operator (`actor`), or a timer."""

    cause_id: UUID | None = None
    actor: str = "saga"
    note: str | None = None


def started(instance: Instance, at: datetime, cause: Cause) -> Json:
    """The first row of a saga."""
    first = {"kind": "start", "key": instance.key, "version": instance.version, "state": _dumped(instance.state)}
    return _row(instance, first, at, cause)


def moved(before: Instance, after: Instance, given: Input, at: datetime, cause: Cause) -> Json:
    """The row of one transition."""
    return _row(after, dump_input(given), at, cause, before)


def replay(saga: Saga, rows: Iterable[Row]) -> Instance:
    """The current state of a saga from its rows, oldest first. Raises ValueError when there are none."""
    now = None
    for row in rows:
        now = _next(saga, now, row)
    if now is None:
        raise ValueError("the saga has no history")
    return now


def dump_input(given: Input) -> Json:
    """An input as JSON."""
    match given:
        case Received():
            answers, body = given.answers and str(given.answers), messages.dump(given.event)
            return {"kind": "received", "topic": given.event.topic, "body": body, "answers": answers}
        case TimerFired():
            return {"kind": "timer_fired", "attempt": given.attempt}
        case Ran():
            return {"kind": "ran", "state": None if given.state is None else _dumped(given.state)}
        case Cancel():
            return {"kind": "cancel", "reason": given.reason}
        case Resume():
            return {"kind": "resume"}
        case Skip():
            return {"kind": "skip"}


def load_input(saga: Saga, data: Json) -> Input:
    """An input from its JSON."""
    match data["kind"]:
        case "received":
            event: Any = messages.load(data["topic"], data["body"])
            return Received(event, UUID(data["answers"]) if data["answers"] else None)
        case "timer_fired":
            return TimerFired(data["attempt"])
        case "ran":
            return Ran(None if data["state"] is None else shapes.load(saga.state, data["state"]))
        case "cancel":
            return Cancel(data["reason"])
        case "resume":
            return Resume()
    return Skip()


def _next(saga: Saga, now: Instance | None, row: Row) -> Instance:
    data = row["input"]
    if now is None:
        state: State = shapes.load(saga.state, data["state"])
        return Instance(saga_id=row["saga_id"], key=data["key"], version=data["version"], state=state)
    after, _ = decide(saga, now, load_input(saga, data))
    return replace(after, awaiting=row["command_id"]) if row["command_id"] else after


def _row(after: Instance, given: Json, at: datetime, cause: Cause, before: Instance | None = None) -> Json:
    return {
        "saga_id": after.saga_id,
        "at": at,
        "input": given,
        "from_status": before and before.status,
        "from_step": before and before.step,
        "to_status": after.status,
        "to_step": after.step,
        "command_id": after.awaiting if before and after.awaiting != before.awaiting else None,
        "cause_id": cause.cause_id,
        "actor": cause.actor,
        "note": cause.note,
    }


def _dumped(state: Any) -> Json:
    return shapes.dump(state)
