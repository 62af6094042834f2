"""Lines of orders in the words of payments' contract."""

from orders.aftersale.model.refund import LineRefund
from orders.checkout.model.process import OrderShare
from orders.fulfilment.front import PayableLine
from shared.contracts.payments import DiscountShares, LineKind, Part, PartLine, RefundedLine
from shared.money import zero


def part(share: OrderShare) -> Part:
    """One order's part of a payment, with its lines."""
    return Part(
        order_id=share.order_id,
        shop_id=share.shop_id,
        amount=share.amount,
        lines=tuple(map(_line, share.lines)),
    )


def refunded(line: LineRefund) -> RefundedLine:
    """What goes back of a line."""
    return RefundedLine(line_id=line.line_id, pieces=line.pieces, amount=line.amount)


def _line(line: PayableLine) -> PartLine:
    return PartLine(
        line_id=line.line_id,
        kind=LineKind(line.kind),
        category=line.category,
        quantity=line.quantity,
        paid=line.paid,
        tax=zero(line.paid.currency),
        discount=DiscountShares(shop=line.shop_discount, platform=line.platform_discount),
    )
