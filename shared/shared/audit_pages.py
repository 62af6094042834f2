"""Pages of audit queries: documents in the order of one key, each page read by a single statement.

A query consists of two table expressions: `seen`, the rows that are checked, and `found`, the documents that are
returned. Where the service can check a rule by itself, `found` has only the rows that violate it. `{which}` ends
the WHERE of `seen`: it selects the next rows after a key (keyset pagination), or rows by their ids.
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
PageRequest = AuditPageRequest | AuditTextPageRequest


def page(work: Work, query: str, request: PageRequest, *, key: str, **terms: Any) -> AuditPage:
    """The documents that a query finds among the requested rows."""
    which, bounds = _which(request, key)
    statement = STATEMENT.format(tables=query.format(which=which), key=key)
    seen = work.connection.execute(sa.text(statement), {**bounds, **terms}).one()
    more = request.ids is None and seen.checked == request.limit
    return AuditPage(items=tuple(seen.items), checked=seen.checked, next=str(seen.last) if more else None)


def _which(request: PageRequest, key: str) -> tuple[str, dict[str, Any]]:
    kind = "text" if isinstance(request, AuditTextPageRequest) else "uuid"
    if request.ids is not None:
        return f"{key} = ANY(CAST(:ids AS {kind}[]))", {"ids": [str(each) for each in request.ids]}
    terms = {"after": str(request.after or FIRST[kind]), "limit": request.limit}
    return f"{key} > CAST(:after AS {kind}) ORDER BY {key} LIMIT :limit", terms
