"""What a service holds of a person, and erasing it.

    class OrdersService(ErasesPersons, …):
        eraser = Eraser(Holding(table=checkout, of=lambda user_id: checkout.c.buyer_id == user_id), …)

Erased is overwritten, not deleted: records of trade stay under the person's id, which then names nobody. What was
erased, and when, is kept in `erased_person`, by which the auditor looks and a restored backup is erased again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared import shapes
from shared.audit_pages import Wanted
from shared.auth import Caller
from shared.db import OpenWork
from shared.idempotency import idempotency
from shared.permissions import Role
from shared.personal.columns import ERASED, blind_indexes_of, personal_of
from shared.personal.sealing import ERASED as MARK
from shared.personal.tables import erased_person
from shared.rpc import rpc
from shared.work import Work

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A table with personal columns; `of` finds a person's rows. `removed`: the rows go as a whole."""

    table: sa.Table
    of: Callable[[UUID], sa.ColumnElement[bool]]
    removed: bool = False

    def erase(self, connection: sa.Connection, user_id: UUID) -> int:
        """Erase a person's values; how many rows held some."""
        held = self._held(user_id)
        statement = sa.delete(self.table) if self.removed else sa.update(self.table).values(self._blank())
        return connection.execute(statement.where(held)).rowcount

    def left(self, connection: sa.Connection, user_id: UUID) -> int:
        """How many rows hold something of a person."""
        return connection.execute(
            sa.select(sa.func.count()).select_from(self.table).where(self._held(user_id))
        ).scalar_one()

    def _held(self, user_id: UUID) -> sa.ColumnElement[bool]:
        values = [sa.type_coerce(column, sa.LargeBinary) != MARK for column in personal_of(self.table)]
        return sa.and_(self.of(user_id), sa.or_(*values))

    def _blank(self) -> dict[str, Any]:
        """The mark in each personal column, also where there was no value: which one was empty is not told."""
        names = [column.name for column in (*personal_of(self.table), *blind_indexes_of(self.table))]
        return dict.fromkeys(names, ERASED)


ANSWERS = Holding(table=idempotency, of=lambda user_id: idempotency.c.caller == str(user_id))


class Eraser:
    """Erases a person from the tables of a service; `also` is done besides, each time."""

    def __init__(
        self, *holdings: Holding, also: Callable[[Any, UUID], None] = lambda _work, _user_id: None
    ) -> None:
        self.holdings = (*holdings, ANSWERS)
        self._also = also

    def erase(self, work: Work, user_id: UUID) -> int:
        """Erase a person, and note that it was done; how many rows held something. Again it changes nothing."""
        rows = sum(holding.erase(work.connection, user_id) for holding in self.holdings)
        self._also(work, user_id)
        noted = insert(erased_person).values(user_id=user_id, erased_at=work.now)
        work.connection.execute(noted.on_conflict_do_nothing())
        return rows

    def left(self, connection: sa.Connection, user_id: UUID) -> int:
        """How many rows hold something of a person."""
        return sum(holding.left(connection, user_id) for holding in self.holdings)


def is_erased(connection: sa.Connection, user_id: UUID) -> bool:
    """Whether this service has erased a person."""
    known = sa.select(sa.true()).where(erased_person.c.user_id == user_id)
    return connection.execute(known).scalar() is not None


def erased_persons(connection: sa.Connection) -> Iterable[tuple[UUID, Any]]:
    """Who was erased, and when, by id."""
    rows = connection.execute(sa.select(erased_person).order_by(erased_person.c.user_id))
    return ((row.user_id, row.erased_at) for row in rows)


class ErasesPersons:
    """To be inherited by a service that holds something of persons: what it shows the auditor of erasures."""

    work: OpenWork[Any]
    eraser: Eraser

    @rpc(allow=Role.AUDITOR)
    def audit_erasures(self, _caller: Caller, request: Json) -> Json:
        """Those erased of whom something is left, a page at a time."""
        with self.work() as work:
            return audit_page(work, self.eraser, shapes.load(Wanted, request))


def audit_page(work: Work, eraser: Eraser, wanted: Wanted) -> Json:
    """A page of `audit_erasures`: `{"user_id", "since", "left": rows that hold something}` for each of them."""
    chosen = sa.select(erased_person).order_by(erased_person.c.user_id)
    if wanted.ids is not None:
        chosen = chosen.where(erased_person.c.user_id.in_([UUID(each) for each in wanted.ids]))
    else:
        after = [erased_person.c.user_id > UUID(wanted.after)] if wanted.after else []
        chosen = chosen.where(*after).limit(wanted.limit)
    rows = work.connection.execute(chosen).all()
    held = [(row, eraser.left(work.connection, row.user_id)) for row in rows]
    items = [
        {"user_id": str(row.user_id), "since": row.erased_at.isoformat(), "left": left}
        for row, left in held
        if left
    ]
    more = wanted.ids is None and len(rows) == wanted.limit
    return {"items": items, "checked": len(rows), "next": str(rows[-1].user_id) if more else None}
