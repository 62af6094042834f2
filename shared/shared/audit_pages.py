"""Pages that a service shows its auditor: rows in the order of one key, read set-based, each in a moment.

A query is two table expressions: `seen`, the rows that are looked at, and `found`, the documents that are shown.
Where a service can judge by itself, `found` are only the rows that break a rule. `{which}` ends the WHERE of
`seen` and picks the next rows behind a key, or some by their ids: nothing is counted off, and a page costs the
same at the end of a table.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.contracts.auditing.requests import AuditPageRequest, AuditTextPageRequest
from shared.contracts.auditing.views import AuditPage
from shared.work import Work

FIRST = {"uuid": str(UUID(int=0)), "text": ""}
STATEMENT = """
    WITH {tables} SELECT
        (SELECT count(*) FROM seen) AS checked,
        (SELECT {key} FROM seen ORDER BY {key} DESC LIMIT 1) AS last,
        (SELECT coalesce(json_agg(found ORDER BY found.{key}), '[]') FROM found) AS items
"""
Wanted = AuditPageRequest | AuditTextPageRequest


def page(work: Work, query: str, request: Wanted, *, key: str, kind: str = "uuid", **terms: Any) -> AuditPage:
    """The documents that a query finds, of the rows that are wanted."""
    which, bounds = _which(request, key, kind)
    statement = STATEMENT.format(tables=query.format(which=which), key=key)
    seen = work.connection.execute(sa.text(statement), {**bounds, **terms}).one()
    more = request.ids is None and seen.checked == request.limit
    return AuditPage(items=tuple(seen.items), checked=seen.checked, next=str(seen.last) if more else None)


def _which(request: Wanted, key: str, kind: str) -> tuple[str, dict[str, Any]]:
    if request.ids is not None:
        return f"{key} = ANY(CAST(:ids AS {kind}[]))", {"ids": [str(each) for each in request.ids]}
    terms = {"after": str(request.after or FIRST[kind]), "limit": request.limit}
    return f"{key} > CAST(:after AS {kind}) ORDER BY {key} LIMIT :limit", terms
