"""The payable lines of an order: its order lines, and its shipping as a line of its own."""

from collections.abc import Iterable

from orders.fulfilment.model.order import Line, Order
from orders.fulfilment.model.terms import Allocation
from shared.contracts.payments import DiscountShares, LineKind, Part, PartLine
from shared.money import Money, zero


def part(order: Order) -> Part:
    """An order's part of the payment: its total, by line."""
    lines = payable_lines(order)
    return Part(order_id=order.order_id, shop_id=order.shop_id, amount=order.total, lines=lines)


def payable_lines(order: Order) -> tuple[PartLine, ...]:
    """All payable lines of an order; they add up to its total.

    A shipping fee is a line even if it was discounted to zero, so that it records who bears the discount; free
    shipping without a discount is none.
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
    """The shares of a discount that the shop and the platform bear."""
    each = tuple(allocations)
    shop, platform = sum(one.shop for one in each), sum(one.platform for one in each)
    return DiscountShares(shop=Money(shop, currency), platform=Money(platform, currency))
