"""Retention rules: how long rows are kept, and how old ones are removed in batches.

A service has a rule for every table (docs/retention.md): Purge removes old rows; Kept documents why rows are
never removed. Each batch is a short transaction of its own on a limited number of rows, found by an index, so that
a purge blocks no other transaction, and a failure affects one table only.
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
ARCHIVING = text("SET LOCAL jishi.archiving = 'on'")  # lets the archiver delete rows of append-only tables


@dataclass(frozen=True)
class Kept:
    """A table whose rows are never removed: why, and what bounds its size or what it costs."""

    why: str


class Removal(Protocol):
    """Removes old rows from one table."""

    @property
    def table(self) -> str: ...
    @property
    def most(self) -> int: ...
    @property
    def rule(self) -> str:
        """What is removed and when, for docs/retention.md."""

    def remove(self, connection: Connection, most: int) -> int:
        """Remove at most `most` rows; returns how many were removed."""


@dataclass(frozen=True, kw_only=True)
class Purge:
    """Removes rows of `table` whose column `since` is older than `keep`, the oldest first; `since` needs an index.

    setting    the environment variable that overrides `keep`, in days
    which      an SQL condition: only these rows are removed
    why        the reason, for docs/retention.md
    proven_by  checks of the auditor: only rows that they have proven are removed; `since` is then `modified_at`
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
        """The age from which a row is removed."""
        return timedelta(days=settings.number(self.setting, self.keep.days)) if self.setting else self.keep

    @property
    def rule(self) -> str:
        of = f" (`{self.setting}`)" if self.setting else ""
        checks = ", ".join(f"`{check}`" for check in self.proven_by)
        proof = f", once the auditor has proven {checks}" if checks else ""
        return f"deleted {in_words(self.keep)}{of} after `{self.since}`{proof}. {self.why}"

    @property
    def search(self) -> str:
        """SQL that selects and locks the oldest `:most` rows to remove, skipping locked ones."""
        proof = f" AND {self.since} < {proven.before(*self.proven_by)}" if self.proven_by else ""
        return f"""
            SELECT {self.key} FROM {self.table}
            WHERE {self.since} < now() - CAST(:age AS interval){proof} AND {self.which}
            ORDER BY {self.since} LIMIT :most FOR UPDATE SKIP LOCKED
        """  # noqa: S608 - constants

    @property
    def statement(self) -> str:
        """SQL that deletes them."""
        return f"DELETE FROM {self.table} WHERE {self.key} = ANY(ARRAY({self.search}))"  # noqa: S608 - constants

    def remove(self, connection: Connection, most: int) -> int:
        return connection.execute(text(self.statement), {"age": self.age, "most": most}).rowcount


Rule = Kept | Removal
Rules = Mapping[str, Rule]


class Purger:
    """Removes old rows from the tables of a service by their rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._sizes = {rule: rule.most for rule in rules if not isinstance(rule, Kept)}

    def round(self, engine: Engine, batches: int = BATCHES) -> int:
        """Remove up to `batches` batches from each table; returns the number of rows. Raises SQLAlchemyError."""
        return sum(self._table(engine, removal, batches) for removal in self._sizes)

    def _table(self, engine: Engine, removal: Removal, batches: int) -> int:
        total = 0
        for _ in range(batches):
            size = self._sizes[removal]
            removed = self._batch(engine, removal, size)
            total += removed or 0
            if removed is None or removed < size:
                break
            self._sizes[removal] = min(size * 2, removal.most)
        return total

    def _batch(self, engine: Engine, removal: Removal, size: int) -> int | None:
        """The number of removed rows; None if the database aborted the batch, which halves the batch size."""
        try:
            with engine.begin() as connection:
                connection.execute(LIMIT)
                removed = removal.remove(connection, size)
        except DBAPIError as failure:
            if is_outage(failure):
                raise
            self._sizes[removal] = max(size // 2, 1)
            observe.purge_failures.labels(removal.table).inc()
            observe.log.error("purge failed", table=removal.table, rows=size, error=repr(failure.orig))
            return None
        observe.purged_rows.labels(removal.table).inc(removed)
        return removed


def in_words(length: timedelta) -> str:
    """A duration in words: whole days or hours."""
    if length >= timedelta(days=2):
        return f"{length.days} days"
    hours = int(length.total_seconds() // 3600)
    return "1 hour" if hours == 1 else f"{hours} hours"
