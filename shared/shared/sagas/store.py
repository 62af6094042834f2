"""Sagas in PostgreSQL: loads and stores instances in the caller's transaction.

Lock order: sagas by id, then orders, reservations and SKUs.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared import rows as rows_of
from shared import shapes
from shared.reading import fetch, send_before
from shared.sagas.definition import Saga, State
from shared.sagas.instance import ENDED, Instance, Status
from shared.sagas.tables import saga as sagas
from shared.sagas.tables import transition as transitions

# One statement for all sagas of a batch.
SAVE = """
    UPDATE saga SET
        status = row.status, step = row.step, attempt = row.attempt, tries = row.tries,
        awaiting = row.awaiting, undo = row.undo, met = row.met, reason = row.reason,
        cancel_requested = row.cancel_requested, state = coalesce(row.state, saga.state), updated_at = %s
    FROM jsonb_to_recordset(CAST(%s AS jsonb)) AS row (
        saga_id uuid, status text, step text, attempt integer, tries integer, awaiting uuid,
        undo jsonb, met jsonb, reason text, cancel_requested text, state jsonb)
    WHERE saga.saga_id = row.saga_id"""
COLUMNS = (
    "saga_id", "name", "business_key", "version", "status", "step", "attempt", "tries", "awaiting", "undo", "met",
    "reason", "cancel_requested", "state",
)  # fmt: skip
SELECT = f"SELECT {', '.join(COLUMNS)}::text FROM saga "  # noqa: S608 - its state as a text
STATES = 512  # sagas whose states are kept, so that they are not read anew from each of their messages
LOCK = "ORDER BY saga_id FOR UPDATE"  # in one order, so that no two transactions wait for each other


@dataclass(frozen=True)
class Found:
    """A saga's row, not yet converted to an instance, with the name of its definition."""

    name: str
    row: Any

    @property
    def saga_id(self) -> UUID:
        return self.row["saga_id"]

    def instance(self, saga: Saga) -> Instance:
        """The row as an instance."""
        row = self.row
        return Instance(
            saga_id=row["saga_id"],
            key=row["business_key"],
            version=row["version"],
            status=Status(row["status"]),
            step=row["step"],
            attempt=row["attempt"],
            tries=row["tries"],
            awaiting=row["awaiting"],
            undo=tuple(row["undo"]),
            met=tuple(row["met"]),
            reason=row["reason"],
            cancel_requested=row["cancel_requested"],
            state=_state(saga.state, row["state"]),
        )


def _state(kind: type, stored: Any) -> State:
    return _read_state(kind, stored) if isinstance(stored, str) else shapes.load(kind, stored)


@lru_cache(maxsize=STATES)
def _read_state(kind: type, text: str) -> State:
    """The state in a JSON text. States are values, so that the messages of a saga can share them."""
    return shapes.load(kind, json.loads(text))


def add(connection: sa.Connection, saga: Saga, new: Instance, at: datetime) -> UUID | None:
    """Store a new saga and return its id; None when one with its key exists (waits for that one's commit)."""
    values = {**_row(new), "name": saga.name, "business_key": new.key, "version": new.version}
    row = insert(sagas).values(**values, started_at=at, updated_at=at).on_conflict_do_nothing("saga_one_per_key")
    return connection.execute(row.returning(sagas.c.saga_id)).scalar_one_or_none()


def add_new(connection: sa.Connection, new: Sequence[tuple[Saga, Instance]], at: datetime) -> None:
    """Store new sagas whose keys no other saga can have."""
    known = {"started_at": at, "updated_at": at}
    named = [(one, {"name": saga.name, "business_key": one.key, "version": one.version}) for saga, one in new]
    rows_of.append(connection, sagas, [{**_row(one), **names, **known} for one, names in named])


def id_of(connection: sa.Connection, saga: Saga, key: str) -> UUID | None:
    """The saga with this business key."""
    which = (sagas.c.name == saga.name) & (sagas.c.business_key == key)
    return connection.execute(sa.select(sagas.c.saga_id).where(which)).scalar_one_or_none()


def lock(connection: sa.Connection, saga_ids: Collection[UUID]) -> list[Found]:
    """These sagas, locked until the end of the transaction."""
    return _found(connection, "saga_id = ANY(%s)", list(saga_ids))


@dataclass(frozen=True, kw_only=True)
class Receivers:
    """How a batch addresses sagas: by ids of answered commands, (saga name, business key), or saga ids."""

    answers: Collection[UUID]
    keys: Collection[tuple[str, str]]
    woken: Collection[UUID]


def lock_receivers(connection: sa.Connection, receivers: Receivers) -> list[Found]:
    """The open sagas that the messages of a batch address, locked."""
    which = {
        "awaiting = ANY(%s)": list(receivers.answers),
        "(name, business_key) IN %s": tuple(receivers.keys),
        "saga_id = ANY(%s)": list(receivers.woken),
    }
    given = {condition: values for condition, values in which.items() if values}
    if not given:
        return []
    return _found(connection, f"({' OR '.join(given)}) AND status NOT IN %s", *given.values(), ENDED)


def save(connection: sa.Connection, changed: Iterable[tuple[Instance, bool]], at: datetime) -> None:
    """Store these sagas, each with whether the state that its steps work on has changed: seldom."""
    rows = [_row(one) if state_changed else _place(one) for one, state_changed in changed]
    if rows:
        send_before(connection, SAVE, at, json.dumps(rows, default=str))


def append(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Append transitions, in this order."""
    if rows:
        rows_of.append(connection, transitions, rows)


def history(connection: sa.Connection, saga_id: UUID) -> list[Any]:
    """The rows of a saga's transitions, oldest first."""
    rows = sa.select(transitions).where(transitions.c.saga_id == saga_id).order_by(transitions.c.position)
    return list(connection.execute(rows).mappings())


def _found(connection: sa.Connection, which: str, *values: Any) -> list[Found]:
    rows = fetch(connection, f"{SELECT} WHERE {which} {LOCK}", *values)
    return [Found(row[1], dict(zip(COLUMNS, row, strict=True))) for row in rows]


def _row(one: Instance) -> dict[str, Any]:
    return _place(one) | {"state": shapes.dump(one.state)}


def _place(one: Instance) -> dict[str, Any]:
    """Everything that may change in a saga but the state of its steps."""
    return {
        "saga_id": one.saga_id,
        "status": one.status,
        "step": one.step,
        "attempt": one.attempt,
        "tries": one.tries,
        "awaiting": one.awaiting,
        "undo": list(one.undo),
        "met": list(one.met),
        "reason": one.reason,
        "cancel_requested": one.cancel_requested,
    }
