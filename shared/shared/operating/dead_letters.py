"""Queries of operators for dead letters: pages, details with the cause, and the gauge of open ones."""

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import observe
from shared.contracts import pages
from shared.contracts.operating.requests import ListDeadLetters
from shared.contracts.operating.views import DeadLetter, DeadLetterDetail, DeadLetterState
from shared.contracts.pages import Page
from shared.errors import NotFound
from shared.masking import masked
from shared.operating.dead_letter_row import own_headers
from shared.operating.tables import dead_letter as table
from shared.work import Work

Json = dict[str, Any]
SHOWN = 10_000  # bytes of a body that is not a JSON object
HIDDEN = ("copy", "body", "headers", "stack")
_measured: set[str] = set()  # topics for which this process has set the gauge
SUMMARY = [column for column in table.c if column.name not in HIDDEN]


class DeadLetterNotFound(NotFound):
    """The dead letter does not exist."""

    code = "dead_letter_not_found"


def page(work: Work, request: ListDeadLetters) -> Page[DeadLetter]:
    """A page of dead letters without their bodies, the newest first."""
    newest_first = table.c.dead_letter_id.desc()
    rows = sa.select(*SUMMARY).where(*_filter(request)).order_by(newest_first).limit(request.limit + 1)
    found = work.connection.execute(rows).mappings().all()
    return pages.page(found, _summary, lambda row: row["dead_letter_id"], request.limit)


def one(work: Work, dead_letter_id: UUID) -> DeadLetterDetail:
    """A dead letter with its cause and body, personal data masked. Raises DeadLetterNotFound."""
    row = find(work, dead_letter_id)
    content = _content(bytes(row["body"]))
    headers = masked(own_headers(row["headers"]))
    return DeadLetterDetail(**_columns(row), headers=headers, stack=row["stack"], **content)


def find(work: Work, dead_letter_id: UUID, *, lock: bool = False) -> Any:
    """The row of a dead letter. Raises DeadLetterNotFound."""
    rows = sa.select(table).where(table.c.dead_letter_id == dead_letter_id)
    row = work.connection.execute(rows.with_for_update() if lock else rows).mappings().one_or_none()
    if row is None:
        raise DeadLetterNotFound(dead_letter_id=str(dead_letter_id))
    return row


def measure(work: Work) -> None:
    """Set the gauge of open dead letters to the number in the table, the same in every process."""
    rows = sa.select(table.c.topic, sa.func.count()).where(table.c.state == DeadLetterState.OPEN)
    counted = work.connection.execute(rows.group_by(table.c.topic))
    found: dict[str, int] = {topic: count for topic, count in counted}  # noqa: C416 - rows are no pairs to mypy
    _measured.update(found)
    for topic in _measured:
        observe.dead_letters.labels(topic).set(found.get(topic, 0))


def _filter(request: ListDeadLetters) -> list[sa.ColumnElement[bool]]:
    wanted = [table.c.state == request.state] if request.state else []
    wanted += [table.c.topic == request.topic] if request.topic else []
    wanted += [table.c.exception == request.exception] if request.exception else []
    return wanted + ([table.c.dead_letter_id < request.cursor] if request.cursor else [])


def _summary(row: Any) -> DeadLetter:
    return DeadLetter(**_columns(row))


def _columns(row: Any) -> Json:
    shown = {column.name: row[column.name] for column in SUMMARY}
    return shown | {"state": DeadLetterState(row["state"])}


def _content(body: bytes) -> Json:
    """`body` is the JSON object of the body; if it is not one, `body` is null and `text` the beginning as text."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return {"body": masked(data), "text": None}
    return {"body": None, "text": body[:SHOWN].decode(errors="replace")}
