"""Refunds, one per refund_id."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from payments.ledger.front import Tender
from payments.refunding.model.refunds import Refund, RefundState
from payments.refunding.tables import refunds
from shared.contracts.payments import RefundedLine
from shared.money import Money
from shared.round_trips import later


class Refunds:
    """The stored refunds. Lock the payment before changing one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, refund_id: UUID) -> Refund | None:
        """The refund with this id, or None."""
        query = select(refunds).where(refunds.c.refund_id == refund_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return refund_of(row) if row else None

    def of_payment(self, payment_id: UUID) -> Iterable[Refund]:
        """All refunds of a payment, the oldest first."""
        mine = select(refunds).where(refunds.c.payment_id == payment_id)
        ordered = mine.order_by(refunds.c.requested_at, refunds.c.refund_id)
        return [refund_of(row) for row in self._connection.execute(ordered).mappings()]

    def put(self, refund: Refund) -> None:
        """Insert a refund, or update state, failure, tender and time of request of a known one."""
        changing = ("state", "failure", "tender", "requested_at")
        change = {name: getattr(refund, name) for name in changing}
        upsert = insert(refunds).on_conflict_do_update(index_elements=[refunds.c.refund_id], set_=change)
        later(self._connection, upsert, _row(refund))

    def save(self, refund: Refund) -> None:
        mine = refunds.c.refund_id == refund.refund_id
        later(self._connection, refunds.update().where(mine), {"state": refund.state, "failure": refund.failure})


def _row(refund: Refund) -> dict[str, Any]:
    money = {"amount": refund.amount.amount, "currency": refund.amount.currency}
    return {**vars(refund), **money, "lines": list(map(_line_row, refund.lines))}


def _line_row(line: RefundedLine) -> dict[str, Any]:
    return {"line_id": str(line.line_id), "pieces": line.pieces, "amount": line.amount.amount}


def _line(row: Mapping[str, Any], currency: str) -> RefundedLine:
    return RefundedLine(line_id=UUID(row["line_id"]), pieces=row["pieces"], amount=Money(row["amount"], currency))


def refund_of(row: Mapping[Any, Any]) -> Refund:
    """The refund stored in a row."""
    plain = {name: value for name, value in row.items() if name != "currency"}
    amount = Money(row["amount"], row["currency"])
    typed = {"amount": amount, "tender": Tender(row["tender"]), "state": RefundState(row["state"])}
    lines = tuple(_line(line, row["currency"]) for line in row["lines"])
    return Refund(**{**plain, **typed, "lines": lines})
