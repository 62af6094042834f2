"""The lines of payments' parts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from payments.taking.model.lines import Line
from payments.taking.model.payment import Payment
from payments.taking.tables import lines
from shared.contracts.payments import LineKind
from shared.money import Money
from shared.round_trips import later

SUMS = ("paid", "tax", "shop_discount", "platform_discount", "refunded")
UPDATE = (
    lines.update()
    .where(
        lines.c.payment_id == bindparam("of_payment"),
        lines.c.order_id == bindparam("of_order"),
        lines.c.line_id == bindparam("of_line"),
    )
    .values(refunded_quantity=bindparam("quantity_back"), refunded=bindparam("amount_back"))
)


def of_payment(connection: Connection, payment_id: UUID, currency: str) -> dict[UUID, list[Line]]:
    """The lines of a payment by order, in their positions."""
    mine = select(lines).where(lines.c.payment_id == payment_id).order_by(lines.c.position)
    found = defaultdict[UUID, list[Line]](list)
    for row in connection.execute(mine).mappings():
        found[row["order_id"]].append(_line(row, currency))
    return found


def add(connection: Connection, payment: Payment) -> None:
    """Store the lines of a new payment."""
    if rows := _rows(payment):
        later(connection, lines.insert(), rows)


def save(connection: Connection, payment: Payment) -> None:
    """Store the refunded quantities and amounts."""
    changed = [
        {
            "of_payment": payment.payment_id,
            "of_order": part.order_id,
            "of_line": line.line_id,
            "quantity_back": line.refunded_quantity,
            "amount_back": line.refunded.amount,
        }
        for part in payment.parts
        for line in part.lines
        if line.refunded_quantity or line.refunded
    ]
    if changed:
        later(connection, UPDATE, changed)


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
