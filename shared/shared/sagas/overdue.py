"""Sagas that have not ended, each with the deadline of its current wait, for the auditor."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared import shapes
from shared.contracts.auditing.requests import AuditSagas
from shared.contracts.auditing.views import AuditPage
from shared.sagas.definition import Await, Saga
from shared.sagas.instance import ENDED, Status
from shared.sagas.transitions import LONGEST_WAIT

UNDER_WAY = [str(status) for status in Status if status not in ENDED]
FACTS = """
    SELECT saga.*, command.message_id IS NOT NULL AS is_published, command.sent_at, command.within,
        (SELECT max(at) FROM saga_transition AS entry
         WHERE entry.saga_id = saga.saga_id AND to_step = step AND from_step IS DISTINCT FROM step) AS entered_at,
        EXISTS (
            SELECT FROM saga_lock AS mine
            JOIN saga_lock AS other ON other.resource = mine.resource AND other.position < mine.position
            WHERE mine.saga_id = saga.saga_id
        ) AS blocked
    FROM ({}) AS saga
    LEFT JOIN outbox AS command ON command.message_id = saga.awaiting AND command.kind <> 'again'
    ORDER BY saga_id LIMIT :limit
"""
# One index range per status, so that the ended sagas (millions) are not read.
PAGE = text(
    FACTS.format("""
    SELECT under_way.* FROM unnest(CAST(:statuses AS text[])) AS wanted (status) CROSS JOIN LATERAL (
        SELECT * FROM saga WHERE saga.status = wanted.status AND saga_id > :after ORDER BY saga_id LIMIT :limit
    ) AS under_way
""")
)
SOME = text(
    FACTS.format("SELECT * FROM saga WHERE saga_id = ANY(CAST(:ids AS uuid[])) AND status = ANY(:statuses)")
)
FIRST = UUID(int=0)
Json = dict[str, Any]


def page(connection: Connection, sagas: dict[str, Saga], request: AuditSagas) -> AuditPage:
    """A page of sagas that have not ended, by id."""
    if request.ids is not None:
        found = some(connection, sagas, request.ids)
        return AuditPage(items=tuple(found), checked=len(found), next=None)
    terms = {"statuses": UNDER_WAY, "after": request.after or FIRST, "limit": request.limit}
    items = [_document(sagas, row) for row in connection.execute(PAGE, terms).mappings()]
    more = len(items) == request.limit
    return AuditPage(items=tuple(items), checked=len(items), next=items[-1]["saga_id"] if more else None)


def some(connection: Connection, sagas: dict[str, Saga], ids: Sequence[UUID]) -> list[Json]:
    """The given sagas that have not ended."""
    terms = {"statuses": UNDER_WAY, "ids": [str(each) for each in ids], "limit": len(ids)}
    return [_document(sagas, row) for row in connection.execute(SOME, terms).mappings()]


def deadline(saga: Saga, row: Any) -> datetime | None:
    """When the current wait ends. None: its clock has not started, or only an operator or an event can end it."""
    if row["status"] == Status.STUCK or row["blocked"]:
        return None
    step = saga.step(row["step"]) if row["step"] else None
    if row["status"] == Status.RUNNING and isinstance(step, Await):
        wait = step.within and step.within(shapes.load(saga.state, row["state"]))
        return _later(row["entered_at"], wait)
    if row["awaiting"] and row["is_published"]:
        return _later(row["sent_at"], timedelta(milliseconds=row["within"] or 0))
    # the send time of a purged command is unknown; a saga without a command is due at once
    return row["updated_at"] + (LONGEST_WAIT if row["awaiting"] else timedelta())


def _later(since: datetime | None, wait: timedelta | None) -> datetime | None:
    return since + wait if since and wait else None


def _document(sagas: dict[str, Saga], row: Any) -> Json:
    over = deadline(sagas[row["name"]], row)
    timestamps = {"started_at": row["started_at"], "updated_at": row["updated_at"], "deadline": over}
    plain = {name: row[name] for name in ("name", "status", "step", "attempt", "tries", "reason", "blocked")}
    formatted = {name: timestamp and timestamp.isoformat() for name, timestamp in timestamps.items()}
    return {"saga_id": str(row["saga_id"]), "key": row["business_key"], **plain, **formatted}
