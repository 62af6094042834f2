"""The personal data of a service, and its erasure.

    ERASER = Eraser(Holding(table=checkout, of=lambda user_id: checkout.c.buyer_id == user_id), …)

Values are overwritten, rows kept: records of trade remain under the person's id, which then identifies nobody. The
ids and times are stored in `erased_person`, for the auditor and for repeating erasures in a restored backup.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.idempotency import idempotency
from shared.personal.columns import ERASED, blind_indexes_of, personal_of
from shared.personal.sealing import ERASED as MARK
from shared.personal.tables import erased_person
from shared.reading import Part, Row, together
from shared.round_trips import later
from shared.work import Work

# An id, or a column of ids.
Person = UUID | sa.ColumnElement[UUID]
OF_ERASED: sa.ColumnElement[UUID] = sa.literal_column("erased_person.user_id", sa.Uuid)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A table with personal columns; `of` selects a person's rows. `removed`: the rows are deleted."""

    table: sa.Table
    of: Callable[[Any], sa.ColumnElement[bool]]
    removed: bool = False

    def erase(self, connection: sa.Connection, user_id: UUID) -> int:
        """Erase a person's values; returns the number of rows that had some."""
        held = self._held(user_id)
        statement = sa.delete(self.table) if self.removed else sa.update(self.table).values(self._blank())
        return connection.execute(statement.where(held)).rowcount

    def left(self, of: Person) -> sa.ScalarSelect[int]:
        """The number of rows with personal data of a person."""
        return sa.select(sa.func.count()).select_from(self.table).where(self._held(of)).scalar_subquery()

    def _held(self, user_id: Person) -> sa.ColumnElement[bool]:
        values = [sa.type_coerce(column, sa.LargeBinary) != MARK for column in personal_of(self.table)]
        return sa.and_(self.of(user_id), sa.or_(*values))

    def _blank(self) -> dict[str, Any]:
        """ERASED for each personal column, also for empty ones, so that it is not visible which were empty."""
        names = [column.name for column in (*personal_of(self.table), *blind_indexes_of(self.table))]
        return dict.fromkeys(names, ERASED)


ANSWERS = Holding(
    table=idempotency,
    of=lambda user_id: idempotency.c.caller == sa.cast(sa.type_coerce(user_id, sa.Uuid), sa.Text),
)


class Eraser:
    """Erases a person from the tables of a service; `also(work, user_id)` runs with each erasure."""

    def __init__(
        self, *holdings: Holding, also: Callable[[Any, UUID], None] = lambda _work, _user_id: None
    ) -> None:
        self.holdings = (*holdings, ANSWERS)
        self._also = also

    def erase(self, work: Work, user_id: UUID, at: datetime | None = None) -> int:
        """Erase a person and store when: now, or `at` for a repeated erasure. Idempotent.

        Returns the number of rows that had personal data.
        """
        rows = sum(holding.erase(work.connection, user_id) for holding in self.holdings)
        self._also(work, user_id)
        record = insert(erased_person).values(user_id=user_id, erased_at=at or work.now)
        later(work.connection, record.on_conflict_do_nothing())
        return rows

    def left(self, of: Person = OF_ERASED) -> sa.ColumnElement[int]:
        """The number of rows with personal data of a person; by default of each row of `erased_person`."""
        first, *others = (holding.left(of) for holding in self.holdings)
        return sum(others, start=first)


def is_erased(connection: sa.Connection, user_id: UUID) -> bool:
    """Whether this service has erased a person."""
    (found,) = together(connection, erased_among([user_id]))
    return bool(found)


def erased_among(user_ids: Collection[UUID], take: Callable[[list[Row]], None] = lambda _: None) -> Part:
    """What to read to find those of these persons that this service has erased: rows with their `user_id`."""
    return Part("SELECT user_id FROM erased_person WHERE user_id = ANY(%s)", [list(user_ids)], take)


def erased_persons(connection: sa.Connection) -> Iterable[tuple[UUID, datetime]]:
    """The erased persons with the times, ordered by id."""
    rows = connection.execute(sa.select(erased_person).order_by(erased_person.c.user_id))
    return ((row.user_id, row.erased_at) for row in rows)
