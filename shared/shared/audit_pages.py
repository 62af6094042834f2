"""Pages that a service shows its auditor: rows in the order of one key, read set-based, each in a moment.

A query is two table expressions: `seen`, the rows that are looked at, and `found`, the documents that are shown.
Where a service can judge by itself, `found` are only the rows that break a rule. `{which}` ends the WHERE of
`seen` and picks the next rows behind a key, or some by their ids: nothing is counted off, and a page costs the
same at the end of a table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import shapes
from shared.shapes import Misshapen, raw, whole
from shared.work import Work

MOST = 1000  # rows of a page
FIRST = {"uuid": str(UUID(int=0)), "text": ""}
STATEMENT = """
    WITH {tables} SELECT
        (SELECT count(*) FROM seen) AS checked,
        (SELECT {key} FROM seen ORDER BY {key} DESC LIMIT 1) AS last,
        (SELECT coalesce(json_agg(found ORDER BY found.{key}), '[]') FROM found) AS items
"""
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The page behind the key `after`, or what the `ids` name."""

    after: str | None = raw(200, default=None)
    limit: int = whole(1, MOST, default=500)
    ids: tuple[str, ...] | None = raw(MOST, 0, default=None)


def page(work: Work, query: str, request: Json, *, key: str, kind: str = "uuid", **terms: Any) -> Json:
    """`{"items": documents, "checked": rows that were looked at, "next": key to go on behind, or null}`."""
    wanted = shapes.load(Wanted, request)
    which, bounds = _which(wanted, key, kind)
    statement = STATEMENT.format(tables=query.format(which=which), key=key)
    seen = work.connection.execute(sa.text(statement), {**bounds, **terms}).one()
    more = wanted.ids is None and seen.checked == wanted.limit
    return {"items": seen.items, "checked": seen.checked, "next": str(seen.last) if more else None}


def _which(wanted: Wanted, key: str, kind: str) -> tuple[str, Json]:
    if wanted.ids is not None:
        _check_keys("ids", wanted.ids, kind)
        return f"{key} = ANY(CAST(:ids AS {kind}[]))", {"ids": list(wanted.ids)}
    after = wanted.after or FIRST[kind]
    _check_keys("after", (after,), kind)
    return f"{key} > CAST(:after AS {kind}) ORDER BY {key} LIMIT :limit", {"after": after, "limit": wanted.limit}


def _check_keys(field: str, keys: tuple[str, ...], kind: str) -> None:
    if kind == "uuid":
        uuids(field, keys)


def uuids(field: str, keys: Iterable[str]) -> list[UUID]:
    """The keys of a page of rows that are named by UUIDs. Raises Misshapen for this field of the request."""
    try:
        return [UUID(each) for each in keys]
    except ValueError:
        raise Misshapen({field: ["Not a valid UUID."]}) from None
