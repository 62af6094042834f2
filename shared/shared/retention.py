"""How long rows are kept, and how those that nobody needs any more are removed: a batch at a time.

A service says of every table what keeps it bounded (docs/retention.md): a Purge removes old rows, Kept says why
they stay. Each batch is a short transaction of its own, found by an index and limited in number, so that a purge
blocks nobody, and one that fails keeps no other table waiting.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from shared import observe, proven, settings
from shared.db_failures import is_outage

BATCH = 1000
BATCHES = 100  # of one table in a round
LIMIT = text("SET LOCAL statement_timeout = '3s'")  # a batch takes milliseconds
ARCHIVING = text("SET LOCAL jishi.archiving = 'on'")  # what is only appended to may be deleted by who sums it up


@dataclass(frozen=True)
class Kept:
    """A table whose rows stay: why, and what bounds or what costs them."""

    why: str


class Removal(Protocol):
    """Removes what is too old from one table."""

    @property
    def table(self) -> str: ...
    @property
    def most(self) -> int: ...
    @property
    def rule(self) -> str:
        """What goes, and when, for docs/retention.md."""

    def remove(self, connection: Connection, most: int) -> int:
        """Remove at most so many rows; returns how many there were."""


@dataclass(frozen=True, kw_only=True)
class Purge:
    """Rows of `table` go when `since` is longer ago than `keep`, the oldest first; an index must be in that order.

    `setting` overrides `keep`, in days. `which`: only rows for which this holds. `why`: for docs/retention.md.
    `proven_by`: only rows that these checks of the auditor have proven; `since` is then `modified_at`.
    """

    table: str
    since: str
    keep: timedelta
    why: str
    setting: str | None = None
    key: str = "ctid"
    which: str = "true"
    proven_by: tuple[str, ...] = ()
    most: int = BATCH

    @property
    def age(self) -> timedelta:
        """How old a row must be to go."""
        return timedelta(days=settings.number(self.setting, self.keep.days)) if self.setting else self.keep

    @property
    def rule(self) -> str:
        of = f" (`{self.setting}`)" if self.setting else ""
        checks = ", ".join(f"`{check}`" for check in self.proven_by)
        proof = f", once the auditor has proven {checks}" if checks else ""
        return f"deleted {spoken(self.keep)}{of} after `{self.since}`{proof}. {self.why}"

    @property
    def search(self) -> str:
        """Finds and locks the oldest `:most` rows that are to go, but for those that somebody else has locked."""
        proof = f" AND {self.since} < {proven.before(*self.proven_by)}" if self.proven_by else ""
        return f"""
            SELECT {self.key} FROM {self.table}
            WHERE {self.since} < now() - CAST(:age AS interval){proof} AND {self.which}
            ORDER BY {self.since} LIMIT :most FOR UPDATE SKIP LOCKED
        """  # noqa: S608 - constants

    @property
    def statement(self) -> str:
        """Deletes them."""
        return f"DELETE FROM {self.table} WHERE {self.key} = ANY(ARRAY({self.search}))"  # noqa: S608 - constants

    def remove(self, connection: Connection, most: int) -> int:
        return connection.execute(text(self.statement), {"age": self.age, "most": most}).rowcount


Rule = Kept | Removal
Rules = Mapping[str, Rule]


class Purger:
    """Removes from the tables of a service what their rules give up."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._sizes = {rule: rule.most for rule in rules if not isinstance(rule, Kept)}

    def round(self, engine: Engine, batches: int = BATCHES) -> int:
        """Up to so many batches of each table; how many rows went. Raises SQLAlchemyError without a database."""
        return sum(self._table(engine, removal, batches) for removal in self._sizes)

    def _table(self, engine: Engine, removal: Removal, batches: int) -> int:
        gone = 0
        for _ in range(batches):
            size = self._sizes[removal]
            removed = self._batch(engine, removal, size)
            gone += removed or 0
            if removed is None or removed < size:
                break
            self._sizes[removal] = min(size * 2, removal.most)
        return gone

    def _batch(self, engine: Engine, removal: Removal, size: int) -> int | None:
        """How many rows went; None when the database broke it off: fewer at once next time."""
        try:
            with engine.begin() as connection:
                connection.execute(LIMIT)
                gone = removal.remove(connection, size)
        except DBAPIError as failure:
            if is_outage(failure):
                raise
            self._sizes[removal] = max(size // 2, 1)
            observe.purge_failures.labels(removal.table).inc()
            observe.log.error("purge failed", table=removal.table, rows=size, error=repr(failure.orig))
            return None
        observe.purged_rows.labels(removal.table).inc(gone)
        return gone


def spoken(length: timedelta) -> str:
    """A length of time in whole days or hours, for a reader."""
    if length >= timedelta(days=2):
        return f"{length.days} days"
    hours = int(length.total_seconds() // 3600)
    return "1 hour" if hours == 1 else f"{hours} hours"
