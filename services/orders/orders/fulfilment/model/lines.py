"""An order's lines as they are paid: its goods line by line, and its shipping as a line of its own."""

from collections.abc import Iterable

from orders.fulfilment.model.order import Line, Order
from orders.fulfilment.model.terms import Allocation
from shared.contracts.payments import DiscountShares, LineKind, Part, PartLine
from shared.money import Money, zero


def part(order: Order) -> Part:
    """An order's part of the payment: all that it costs, line by line."""
    lines = payable_lines(order)
    return Part(order_id=order.order_id, shop_id=order.shop_id, amount=order.total, lines=lines)


def payable_lines(order: Order) -> tuple[PartLine, ...]:
    """All lines of an order; together they cost its total.

    Shipping is a line of its own, also if all of it was taken off, so that who bears that is known; shipping
    without a fee is none.
    """
    goods = tuple(map(_goods, order.lines))
    return (*goods, _shipping(order)) if order.shipping or order.shipping_allocations else goods


def _goods(line: Line) -> PartLine:
    return PartLine(
        line_id=line.line_id,
        kind=LineKind.GOODS,
        category=line.category,
        quantity=line.quantity,
        paid=line.paid,
        tax=zero(line.paid.currency),
        discount=_borne(line.allocations, line.paid.currency),
    )


def _shipping(order: Order) -> PartLine:
    return PartLine(
        line_id=order.shipping_line_id,
        kind=LineKind.SHIPPING,
        category=None,
        quantity=1,
        paid=order.shipping,
        tax=zero(order.shipping.currency),
        discount=_borne(order.shipping_allocations, order.shipping.currency),
    )


def _borne(allocations: Iterable[Allocation], currency: str) -> DiscountShares:
    """What the shop and what the platform bears of a discount."""
    each = tuple(allocations)
    shop, platform = sum(one.shop for one in each), sum(one.platform for one in each)
    return DiscountShares(shop=Money(shop, currency), platform=Money(platform, currency))
