"""One saga as an operator sees it: transitions, messages sent and received, timer, and allowed actions."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.contracts.sagas import views as saga_views
from shared.masking import masked
from shared.message_encoding import AGAIN
from shared.messages import Message
from shared.outbox import outbox
from shared.sagas.core import operator_actions, refused_actions
from shared.sagas.definition import Await, Call, Saga, State, Step, commands_of
from shared.sagas.instance import Status
from shared.sagas.store import Found, history
from shared.trace import Trace

NO_TIMER = None
# The first in the queue of a resource holds it.
HOLDERS = sa.text("""
    SELECT DISTINCT ON (earlier.resource) earlier.resource, earlier.saga_id
    FROM saga_lock AS mine JOIN saga_lock AS earlier USING (resource)
    WHERE mine.saga_id = :saga_id AND earlier.position < mine.position
    ORDER BY earlier.resource, earlier.position
""")
UNKNOWN: dict[str, Any] = dict.fromkeys(("topic", "body", "created_at", "sent_at", "failed_at", "error"))


def parts(connection: sa.Connection, saga: Saga, row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a time line that the summary lacks; personal data is masked."""
    happened, instance = history(connection, row["saga_id"]), Found(row["name"], row).instance(saga)
    published = _published(connection, happened)
    headers = next((one["headers"] for one in published.values()), None)
    return {
        "state": masked(row["state"]),
        "cancel_requested": row["cancel_requested"],
        "undo": tuple(row["undo"]),
        "met": tuple(row["met"]),
        "steps": tuple(_step(step, instance.state) for step in saga.steps),
        "transitions": tuple(_transition(one) for one in happened),
        "sent": tuple(_sent(one["command_id"], published) for one in happened if one["command_id"]),
        "received": tuple(_received(one) for one in happened if one["input"]["kind"] == "received"),
        "timer": _timer(connection, saga, row, published.get(row["awaiting"])),
        "operator_actions": operator_actions(saga, instance),
        "refused_actions": tuple(_refused(*each) for each in refused_actions(saga, instance).items()),
        "waits_for": _holders(connection, row) if row["status"] == Status.WAITING else (),
        **_trace(headers),
    }


def _published(connection: sa.Connection, happened: Sequence[Any]) -> dict[UUID, Any]:
    """The outbox rows of the saga's commands; they are kept for seven days after they were sent."""
    ids = [one["command_id"] for one in happened if one["command_id"]]
    rows = sa.select(outbox).where(outbox.c.message_id.in_(ids), outbox.c.kind != AGAIN)
    return {row["message_id"]: row for row in connection.execute(rows.order_by(outbox.c.position)).mappings()}


def _sent(message_id: UUID, published: Mapping[UUID, Any]) -> saga_views.SagaCommand:
    row = published.get(message_id)
    if row is None:
        return saga_views.SagaCommand(message_id=message_id, **UNKNOWN)
    return saga_views.SagaCommand(
        message_id=message_id,
        topic=row["topic"],
        body=masked(json.loads(row["body"])),
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        failed_at=row["failed_at"],
        error=row["error"],
    )


def _received(row: Any) -> saga_views.SagaMessage:
    received = row["input"]
    return saga_views.SagaMessage(
        message_id=row["cause_id"], topic=received["topic"], body=masked(received["body"]), at=row["at"]
    )


def _timer(
    connection: sa.Connection, saga: Saga, row: Mapping[str, Any], command: Any
) -> saga_views.SagaTimer | None:
    """When the current attempt ends: `at`, or `within` seconds from when the broker has the command."""
    which = (outbox.c.topic == saga.timer.topic, outbox.c.subject == str(row["saga_id"]))
    waiting = (outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None), outbox.c.not_before.is_not(None))
    timers = sa.select(outbox.c.body, outbox.c.not_before).where(*which, *waiting)
    for body, at in connection.execute(timers):
        if json.loads(body)["attempt"] == row["attempt"]:
            return saga_views.SagaTimer(at=at, within=None)
    if command is None or not command["within"] or row["status"] == Status.STUCK:
        return NO_TIMER
    if command["sent_at"]:
        return saga_views.SagaTimer(at=command["sent_at"] + timedelta(milliseconds=command["within"]), within=None)
    return saga_views.SagaTimer(at=None, within=math.ceil(command["within"] / 1000))


def _trace(headers: Mapping[str, Any] | None) -> dict[str, Any]:
    """The ids of the originating request in logs and traces."""
    if headers is None:
        return {"correlation_id": None, "trace_id": None}
    known = Trace.carried(headers)
    return {"correlation_id": known.correlation_id, "trace_id": known.trace_id}


def _step(step: Step, state: State) -> saga_views.SagaStep:
    kind = saga_views.SagaStepKind(type(step).__name__.lower())
    undo = None if isinstance(step, Await) else step.undo
    return saga_views.SagaStep(
        name=step.name,
        kind=kind,
        pivot=step.pivot,
        sends=_topics(commands_of(step.do)) if isinstance(step, Call) else (),
        undo_sends=_topics(commands_of(undo)) if isinstance(step, Call) and undo else (),
        awaits=_topics(step.events) if isinstance(step, Await) else (),
        within=_within(step, state),
        has_undo=undo is not None,
    )


def _topics(of: Iterable[type[Message]]) -> tuple[str, ...]:
    return tuple(each.topic for each in of)


def _within(step: Step, state: State) -> int | None:
    """The seconds for the answer to a command, or for an awaited event."""
    if isinstance(step, Call):
        return math.ceil(step.within.total_seconds())
    if isinstance(step, Await) and step.within:
        return math.ceil(step.within(state).total_seconds())
    return None


def _refused(action: saga_views.SagaAction, because: saga_views.SagaActionRefusal) -> saga_views.RefusedAction:
    return saga_views.RefusedAction(action=action, because=because)


def _holders(connection: sa.Connection, row: Mapping[str, Any]) -> tuple[saga_views.SagaHeld, ...]:
    """The resources that a saga waits for, with the sagas that hold them."""
    found = connection.execute(HOLDERS, {"saga_id": row["saga_id"]})
    return tuple(saga_views.SagaHeld(resource=resource, saga_id=saga_id) for resource, saga_id in found)


def _transition(row: Any) -> saga_views.SagaTransition:
    return saga_views.SagaTransition(
        at=row["at"],
        input=_input(masked(row["input"])),
        before=_position(row["from_status"], row["from_step"]) if row["from_status"] else None,
        after=_position(row["to_status"], row["to_step"]),
        sent=row["command_id"],
        cause=row["cause_id"],
        actor=row["actor"],
        note=row["note"],
    )


def _input(given: Mapping[str, Any]) -> saga_views.SagaInput:
    return saga_views.SagaInput(
        kind=saga_views.SagaInputKind(given["kind"]),
        topic=given.get("topic"),
        in_reply_to=UUID(given["answers"]) if given.get("answers") else None,
        attempt=given.get("attempt"),
        reason=given.get("reason"),
        data=given.get("body", given.get("state")),
    )


def _position(status: str, step: str | None) -> saga_views.SagaPosition:
    return saga_views.SagaPosition(status=saga_views.SagaStatus(status), step=step)
