"""The lines of payments' parts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from payments.taking.model.lines import Line
from payments.taking.model.payment import Payment
from payments.taking.tables import lines
from shared.contracts.payments import LineKind
from shared.money import Money
from shared.rows import append, change

SUMS = ("paid", "tax", "shop_discount", "platform_discount", "refunded")
OfOrders = dict[UUID, list[Line]]


def of_payments(connection: Connection, currencies: Mapping[UUID, str]) -> Mapping[UUID, OfOrders]:
    """The lines of payments, given with their currencies, by payment and order, in their positions."""
    theirs = select(lines).where(lines.c.payment_id.in_(currencies)).order_by(lines.c.position)
    found = defaultdict[UUID, OfOrders](lambda: defaultdict(list))
    for row in connection.execute(theirs).mappings():
        found[row["payment_id"]][row["order_id"]].append(_line(row, currencies[row["payment_id"]]))
    return found


def add(connection: Connection, payment: Payment) -> None:
    """Store the lines of a new payment."""
    append(connection, lines, _rows(payment))


def save(connection: Connection, payment: Payment) -> None:
    """Store the refunded quantities and amounts."""
    for part in payment.parts:
        for line in part.lines:
            if line.refunded_quantity or line.refunded:
                which = {"payment_id": payment.payment_id, "order_id": part.order_id, "line_id": line.line_id}
                back = {"refunded_quantity": line.refunded_quantity, "refunded": line.refunded.amount}
                change(connection, lines, which, back)


def _rows(payment: Payment) -> Sequence[dict[str, Any]]:
    return [
        {
            "payment_id": payment.payment_id,
            "order_id": part.order_id,
            "position": position,
            **vars(line),
            **{name: getattr(line, name).amount for name in SUMS},
        }
        for part in payment.parts
        for position, line in enumerate(part.lines)
    ]


def _line(row: Any, currency: str) -> Line:
    return Line(
        line_id=row["line_id"],
        kind=LineKind(row["kind"]),
        category=row["category"],
        quantity=row["quantity"],
        refunded_quantity=row["refunded_quantity"],
        **{name: Money(row[name], currency) for name in SUMS},
    )
