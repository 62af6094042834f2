"""An order's lines as they are paid: its goods line by line, and its shipping as a line of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from orders.fulfilment.model.order import Line, Order
from orders.fulfilment.model.terms import Allocation
from shared.money import Money


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
    """All lines of an order; together they cost its total.

    Shipping is a line of its own, also if all of it was taken off, so that who bears that is known; shipping
    without a fee is none.
    """
    goods = tuple(map(_goods, order.lines))
    return (*goods, _shipping(order)) if order.shipping or order.shipping_allocations else goods


def _goods(line: Line) -> PayableLine:
    shop, platform = _borne(line.allocations, line.paid.currency)
    return PayableLine(
        line_id=line.line_id,
        kind=LineKind.GOODS,
        category=line.category,
        quantity=line.quantity,
        paid=line.paid,
        shop_discount=shop,
        platform_discount=platform,
    )


def _shipping(order: Order) -> PayableLine:
    shop, platform = _borne(order.shipping_allocations, order.shipping.currency)
    return PayableLine(
        line_id=order.shipping_line_id,
        kind=LineKind.SHIPPING,
        category=None,
        quantity=1,
        paid=order.shipping,
        shop_discount=shop,
        platform_discount=platform,
    )


def _borne(allocations: Iterable[Allocation], currency: str) -> tuple[Money, Money]:
    """What the shop and what the platform bears of a discount."""
    each = tuple(allocations)
    return Money(sum(one.shop for one in each), currency), Money(sum(one.platform for one in each), currency)
