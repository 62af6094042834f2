"""An order's lines as they are paid: its goods line by line, and its shipping as a line of its own."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from orders.fulfilment.model.order import Line, Order
from shared.money import Money, total


class LineKind(StrEnum):
    """What a line is paid for."""

    GOODS = "goods"
    SHIPPING = "shipping"


@dataclass(frozen=True, kw_only=True)
class PayableLine:
    """`paid` for all its pieces, after what the shop and the platform took off."""

    line_id: UUID
    kind: LineKind
    category: str | None
    quantity: int
    paid: Money
    shop_discount: Money
    platform_discount: Money


def payable_lines(order: Order) -> tuple[PayableLine, ...]:
    """All lines of an order; together they cost its total. Free shipping is no line."""
    goods = tuple(map(_goods, order.lines))
    return (*goods, _shipping(order)) if order.shipping else goods


def _goods(line: Line) -> PayableLine:
    currency = line.paid.currency
    return PayableLine(
        line_id=line.line_id,
        kind=LineKind.GOODS,
        category=line.category,
        quantity=line.quantity,
        paid=line.paid,
        shop_discount=total((each.shop for each in line.allocations), currency),
        platform_discount=total((each.platform for each in line.allocations), currency),
    )


def _shipping(order: Order) -> PayableLine:
    return PayableLine(
        line_id=order.shipping_line_id,
        kind=LineKind.SHIPPING,
        category=None,
        quantity=1,
        paid=order.shipping,
        shop_discount=order.none,
        platform_discount=order.none,
    )
