"""Pages that a service shows its auditor: rows in the order of one key, read set-based, each in a moment.

A query is two table expressions: `seen`, the rows that are looked at, and `found`, the documents that are shown.
Where a service can judge by itself, `found` are only the rows that break a rule. `{which}` in `seen` picks the
next rows behind a key, or some by their ids: nothing is counted off, a page costs the same at the end of a table.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared import shapes
from shared.shapes import text, whole
from shared.work import Work

MOST = 1000  # rows of a page
FIRST = UUID(int=0)
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

    after: UUID | None = None
    limit: int = whole(1, MOST, default=500)
    ids: tuple[UUID, ...] | None = text(MOST, 0, default=None)


def page(work: Work, query: str, request: Json, *, key: str, **terms: Any) -> Json:
    """`{"items": documents, "checked": rows that were looked at, "next": key to go on behind, or null}`."""
    wanted = shapes.load(Wanted, request)
    ids = None if wanted.ids is None else [str(each) for each in wanted.ids]
    which = f"{key} > :after ORDER BY {key} LIMIT :limit" if ids is None else f"{key} = ANY(CAST(:ids AS uuid[]))"
    statement = STATEMENT.format(tables=query.format(which=which), key=key)
    bounds = {"after": wanted.after or FIRST, "limit": wanted.limit} if ids is None else {"ids": ids}
    seen = work.connection.execute(sa.text(statement), {**bounds, **terms}).one()
    more = ids is None and seen.checked == wanted.limit
    return {"items": seen.items, "checked": seen.checked, "next": str(seen.last) if more else None}
