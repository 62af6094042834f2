"""Dead letters as operators see them: lists, one with its cause, how many are open."""

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import observe
from shared.errors import NotFound
from shared.masking import masked
from shared.operating.letter import own_headers
from shared.operating.schemas import DeadLetters, LetterState
from shared.operating.tables import dead_letter as letters
from shared.work import Work

Json = dict[str, Any]
SHOWN = 10_000  # characters of a body that is no JSON
HIDDEN = ("copy", "body", "headers", "stack")
_measured: set[str] = set()  # topics of which this process has told that there are letters
SUMMARY = [column for column in letters.c if column.name not in HIDDEN]


class NoSuchLetter(NotFound):
    """There is no dead letter with this id."""

    code = "no_such_dead_letter"


def page(work: Work, which: DeadLetters) -> Json:
    """A page of letters without their bodies: {"items": […], "next": cursor or null}."""
    rows = sa.select(*SUMMARY).where(*_filter(which)).order_by(letters.c.letter_id.desc()).limit(which.limit + 1)
    found = [_plain(row) for row in work.connection.execute(rows).mappings()]
    more = len(found) > which.limit
    return {"items": found[: which.limit], "next": found[which.limit - 1]["letter_id"] if more else None}


def one(work: Work, letter_id: UUID) -> Json:
    """A letter with its cause, its headers and what it says, personal data masked. Raises NoSuchLetter."""
    return document(find(work, letter_id))


def find(work: Work, letter_id: UUID, *, lock: bool = False) -> Any:
    """The row of a letter. Raises NoSuchLetter."""
    rows = sa.select(letters).where(letters.c.letter_id == letter_id)
    row = work.connection.execute(rows.with_for_update() if lock else rows).mappings().one_or_none()
    if row is None:
        raise NoSuchLetter(letter_id=str(letter_id))
    return row


def document(row: Any) -> Json:
    """The whole of a letter as an operator sees it."""
    summary = _plain({column.name: row[column.name] for column in SUMMARY})
    sent = {"headers": masked(own_headers(row["headers"])), **_said(bytes(row["body"]))}
    return {**summary, **sent, "stack": row["stack"]}


def measure(work: Work) -> None:
    """Set the gauge of open letters. It is the table's figure in every process, whoever changed the table."""
    rows = sa.select(letters.c.topic, sa.func.count()).where(letters.c.state == LetterState.OPEN)
    counted = work.connection.execute(rows.group_by(letters.c.topic))
    found: dict[str, int] = {topic: count for topic, count in counted}  # noqa: C416 - rows are no pairs to mypy
    _measured.update(found)
    for topic in _measured:
        observe.dead_letters.labels(topic).set(found.get(topic, 0))


def _filter(which: DeadLetters) -> list[sa.ColumnElement[bool]]:
    wanted = [letters.c.state == which.state] if which.state else []
    wanted += [letters.c.topic == which.topic] if which.topic else []
    wanted += [letters.c.exception == which.exception] if which.exception else []
    return wanted + ([letters.c.letter_id < which.cursor] if which.cursor else [])


def _said(body: bytes) -> Json:
    """What the body says: `body` is JSON, or null and `text` shows what there is instead."""
    try:
        return {"body": masked(json.loads(body)), "text": None}
    except (ValueError, RecursionError):
        return {"body": None, "text": body[:SHOWN].decode(errors="replace")}


def _plain(row: Any) -> Json:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
