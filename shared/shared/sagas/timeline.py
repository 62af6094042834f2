"""One saga as an operator sees it: what happened, what it said and heard, which timer runs, what can be done."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.contracts.orders import WakeSaga
from shared.masking import masked
from shared.outbox import outbox
from shared.sagas.core import offers
from shared.sagas.definition import Await, Saga
from shared.sagas.store import Found, history
from shared.trace import Trace
from shared.wire import AGAIN

Json = dict[str, Any]
NO_TIMER = None
UNKNOWN: Json = dict.fromkeys(("topic", "body", "said_at", "sent_at", "failed_at", "error"))


def document(connection: sa.Connection, saga: Saga, row: Mapping[str, Any]) -> Json:
    """Everything of a saga but its summary; personal data is masked."""
    happened = history(connection, row["saga_id"])
    said = _said(connection, happened)
    headers = next((one["headers"] for one in said.values()), None)
    return {
        "state": masked(row["state"]),
        "wish": row["wish"],
        "undo": row["undo"],
        "met": row["met"],
        "steps": [_step(step) for step in saga.steps],
        "transitions": [_transition(one) for one in happened],
        "sent": [_sent(one["said"], said) for one in happened if one["said"]],
        "received": _received(happened),
        "timer": _timer(connection, row, said.get(row["awaiting"])),
        "offers": offers(saga, Found(row["name"], row).instance(saga)),
        **_trace(headers),
    }


def _said(connection: sa.Connection, happened: Sequence[Any]) -> dict[UUID, Any]:
    """The outbox rows of what it said, which are kept for seven days after they were sent."""
    ids = [one["said"] for one in happened if one["said"]]
    rows = sa.select(outbox).where(outbox.c.message_id.in_(ids), outbox.c.kind != AGAIN)
    return {row["message_id"]: row for row in connection.execute(rows.order_by(outbox.c.position)).mappings()}


def _sent(message_id: UUID, said: Mapping[UUID, Any]) -> Json:
    row = said.get(message_id)
    if row is None:
        return {"message_id": str(message_id), **UNKNOWN}
    moments = {"said_at": row["created_at"], "sent_at": row["sent_at"], "failed_at": row["failed_at"]}
    told = {name: moment and moment.isoformat() for name, moment in moments.items()}
    body = masked(json.loads(row["body"]))
    return {"message_id": str(message_id), "topic": row["topic"], "body": body, **told, "error": row["error"]}


def _received(happened: Sequence[Any]) -> list[Json]:
    heard = (one for one in happened if one["input"]["kind"] == "heard")
    return [
        {
            "message_id": one["cause_id"] and str(one["cause_id"]),
            "topic": one["input"]["topic"],
            "body": masked(one["input"]["body"]),
            "at": one["at"].isoformat(),
        }
        for one in heard
    ]


def _timer(connection: sa.Connection, row: Mapping[str, Any], command: Any) -> Json | None:
    """The timer of the present attempt: `at`, or `within` seconds from when the broker has the command."""
    which = (outbox.c.topic == WakeSaga.topic, outbox.c.subject == str(row["saga_id"]))
    waiting = (outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None), outbox.c.not_before.is_not(None))
    timers = sa.select(outbox.c.body, outbox.c.not_before).where(*which, *waiting)
    for body, at in connection.execute(timers):
        if json.loads(body)["attempt"] == row["attempt"]:
            return {"at": at.isoformat(), "within": None}
    if command is not None and command["sent_at"] is None and command["within"]:
        return {"at": None, "within": timedelta(milliseconds=command["within"]).total_seconds()}
    return NO_TIMER


def _trace(headers: Mapping[str, Any] | None) -> Json:
    """The request that it follows from, as logs and traces know it."""
    if headers is None:
        return {"correlation_id": None, "trace_id": None}
    known = Trace.carried(headers)
    return {"correlation_id": str(known.correlation_id), "trace_id": known.trace_id}


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
