"""Unidentified money, one row for each movement at the provider."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, func, select
from sqlalchemy.dialects.postgresql import insert

from payments.taking.model.unidentified import Kind, Reason, State, Unidentified
from payments.taking.tables import unidentified
from shared.money import Money
from shared.round_trips import later


class UnidentifiedMoney:
    """The stored unidentified money."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, found: Unidentified) -> bool:
        """Store it; returns whether it was new, since it may be reported more than once."""
        statement = insert(unidentified).on_conflict_do_nothing().returning(unidentified.c.unidentified_id)
        return self._connection.execute(statement, _row(found)).scalar() is not None

    def lock(self, unidentified_id: UUID) -> Unidentified | None:
        """The one with this id, locked, or None."""
        mine = select(unidentified).where(unidentified.c.unidentified_id == unidentified_id)
        return next(iter(self._read(mine.with_for_update())), None)

    def has_refund(self, number: str) -> bool:
        """Whether an unidentified refund has this number, the merchant's or the provider's."""
        same = (unidentified.c.number == number) | (unidentified.c.provider_number == number)
        query = select(unidentified.c.unidentified_id).where(same, unidentified.c.kind == Kind.REFUND)
        return self._connection.execute(query.limit(1)).scalar() is not None

    def page(self, *, after: UUID | None, limit: int) -> Sequence[Unidentified]:
        """A page of the open ones, the oldest first."""
        which = select(unidentified).where(unidentified.c.state == State.OPEN)
        which = which.where(unidentified.c.unidentified_id > after) if after else which
        return self._read(which.order_by(unidentified.c.unidentified_id).limit(limit))

    def save(self, found: Unidentified) -> None:
        mine = unidentified.c.unidentified_id == found.unidentified_id
        changed = {"state": found.state, "resolved_at": found.resolved_at}
        later(self._connection, unidentified.update().where(mine), changed)

    def count_open(self) -> int:
        query = select(func.count()).select_from(unidentified).where(unidentified.c.state == State.OPEN)
        return self._connection.execute(query).scalar_one()

    def _read(self, query: Select[Any]) -> Sequence[Unidentified]:
        return [_unidentified(row) for row in self._connection.execute(query).mappings()]


def _row(found: Unidentified) -> dict[str, Any]:
    by_payer = found.payer_total
    sums = {"amount": found.amount.amount, "payer_total": None if by_payer is None else by_payer.amount}
    return {**vars(found), **sums, "currency": found.amount.currency}


def _unidentified(row: RowMapping) -> Unidentified:
    plain = {name: value for name, value in row.items() if name != "currency"}
    typed = {"kind": Kind(row["kind"]), "why": Reason(row["why"]), "state": State(row["state"])}
    amount, own = Money(row["amount"], row["currency"]), row["payer_total"]
    return Unidentified(
        **{**plain, **typed, "amount": amount, "payer_total": None if own is None else replace(amount, amount=own)}
    )
