"""What changed in a service's tables, in the order of time: what its auditor has to look at again.

A `Changed` is a table with an index on (`modified_at`, `key`), and the keys that its rows lead to: of a refund its
order, of an order its checkout.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shared import shapes
from shared.errors import NotFound
from shared.shapes import text, whole
from shared.work import Work

MOST = 1000  # rows of a page
Json = dict[str, Any]
# A database that was restored, or whose standby took over, is another one: what was known of it may be lost in it.
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
        (SELECT coalesce(json_agg(led_to), '[]') FROM (
            SELECT DISTINCT {shows} FROM changed {joins}
        ) AS led_to) AS items
"""


class TableNotFound(NotFound):
    """The changes of this table are not shown."""

    code = "table_not_found"


@dataclass(frozen=True, kw_only=True)
class Changed:
    """How the changes of a table are found, and what is shown of each row."""

    key: str
    shows: str
    joins: str = ""
    kind: str = "uuid"

    @property
    def first(self) -> str:
        return "00000000-0000-0000-0000-000000000000" if self.kind == "uuid" else "0"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The rows that changed after the moment `since`, behind the row `after`; without a table only the clock."""

    table: str | None = text(60, default=None)
    since: datetime | None = None
    after: str | None = text(40, default=None)
    limit: int = whole(1, MOST, default=500)


def changes(work: Work, tables: Mapping[str, Changed], request: Json) -> Json:
    """`{"now", "database"}`, and of a table `{"items": keys, "checked": rows, "next": [since, after] or null}`.

    Raises TableNotFound.
    """
    wanted = shapes.load(Wanted, request)
    clock = work.connection.execute(CLOCK).one()
    told = {"now": clock.now.isoformat(), "database": clock.database}
    if wanted.table is None:
        return told
    if wanted.table not in tables:
        raise TableNotFound
    return {**told, **_page(work, wanted, tables[wanted.table])}


def _page(work: Work, wanted: Wanted, changed: Changed) -> Json:
    statement = PAGE.format(table=wanted.table, **vars(changed))
    terms = {"since": wanted.since, "after": wanted.after or changed.first, "limit": wanted.limit}
    seen = work.connection.execute(sa.text(statement), terms).one()
    more = seen.checked == wanted.limit
    return {"items": seen.items, "checked": seen.checked, "next": seen.last if more else None}
