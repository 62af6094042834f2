"""The changes of a service's tables in order of time, by which the auditor finds what to check again.

A `Changed` describes a table with an index on (`modified_at`, `key`), and which related keys are reported for each
row: a refund's order, an order's checkout.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from shared.contracts.auditing.requests import AuditChanges
from shared.contracts.auditing.views import ChangesPage
from shared.errors import NotFound
from shared.work import Work

# `database` changes when the database is restored or a standby promoted: committed rows may be lost then.
CLOCK = sa.text("""
    SELECT now() AS now, concat_ws(' ', system_identifier, timeline_id, oid) AS database
    FROM pg_control_system(), pg_control_checkpoint(), pg_database WHERE datname = current_database()
""")
PAGE = """
    WITH changed AS (
        SELECT * FROM {table} WHERE (modified_at, {key}) > (:since, CAST(:after AS {kind}))
        ORDER BY modified_at, {key} LIMIT :limit
    )
    SELECT (SELECT count(*) FROM changed) AS checked,
        (SELECT json_build_array(modified_at, {key}::text) FROM changed
            ORDER BY modified_at DESC, {key} DESC LIMIT 1) AS last,
        (SELECT coalesce(json_agg(related), '[]') FROM (
            SELECT DISTINCT {shows} FROM changed {joins}
        ) AS related) AS items
"""


class TableNotFound(NotFound):
    """The auditor cannot query the changes of this table."""

    code = "table_not_found"


@dataclass(frozen=True, kw_only=True)
class Changed:
    """How the changes of a table are found (`key`, `kind`), and what is reported of a row (`shows`, `joins`)."""

    key: str
    shows: str
    joins: str = ""
    kind: str = "uuid"

    @property
    def first(self) -> str:
        return "00000000-0000-0000-0000-000000000000" if self.kind == "uuid" else "0"


def changes(work: Work, tables: Mapping[str, Changed], request: AuditChanges) -> ChangesPage:
    """The database's time and identity, and a page of a table's changes if one is named. Raises TableNotFound."""
    clock = work.connection.execute(CLOCK).one()
    if request.table is None:
        return ChangesPage(items=(), checked=0, next=None, now=clock.now, database=clock.database)
    if request.table not in tables:
        raise TableNotFound
    seen = _seen(work, request, tables[request.table])
    return ChangesPage(
        items=tuple(seen.items),
        checked=seen.checked,
        next=tuple(seen.last) if seen.checked == request.limit else None,
        now=clock.now,
        database=clock.database,
    )


def _seen(work: Work, request: AuditChanges, changed: Changed) -> sa.Row:
    statement = PAGE.format(table=request.table, **vars(changed))
    terms = {"since": request.since, "after": request.after or changed.first, "limit": request.limit}
    return work.connection.execute(sa.text(statement), terms).one()
