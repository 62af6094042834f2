"""The lines of payments' parts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from payments.taking.model.lines import Line
from payments.taking.model.payment import Payment
from payments.taking.tables import lines as table
from shared.contracts.payments import LineKind
from shared.money import Money
from shared.rows import append, change

SUMS = ("paid", "tax", "shop_discount", "platform_discount", "refunded")


def add(connection: Connection, payment: Payment) -> None:
    """Store the lines of a new payment."""
    append(connection, table, _rows(payment))


def save(connection: Connection, payment: Payment) -> None:
    """Store the refunded quantities and amounts."""
    for part in payment.parts:
        for line in part.lines:
            if line.refunded_quantity or line.refunded:
                which = {"payment_id": payment.payment_id, "order_id": part.order_id, "line_id": line.line_id}
                back = {"refunded_quantity": line.refunded_quantity, "refunded": line.refunded.amount}
                change(connection, table, which, back)


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


def line(row: Any, prefix: str, currency: str) -> Line:
    """The line of a row whose columns have this prefix."""
    return Line(
        line_id=row[f"{prefix}line_id"],
        kind=LineKind(row[f"{prefix}kind"]),
        category=row[f"{prefix}category"],
        quantity=row[f"{prefix}quantity"],
        refunded_quantity=row[f"{prefix}refunded_quantity"],
        **{name: Money(row[f"{prefix}{name}"], currency) for name in SUMS},
    )
