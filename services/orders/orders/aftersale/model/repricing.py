"""What stays of an order, priced again by the order's own terms, and what of a refund is withheld for it.

The shares of what was paid are fixed. If what stays costs more by the terms than its shares, the order withholds
the difference of the refund, and never more than the refund has. It comes back with the last pieces.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from orders.aftersale.model.refund import Refund
from orders.fulfilment.front import Line, Order, part
from shared.money import Money, allocate


@dataclass(frozen=True, kw_only=True)
class Kept:
    """`pieces` of a line that stay, and their `share` of what was paid for it."""

    line: Line
    pieces: int
    share: int

    @property
    def listed(self) -> int:
        """What they cost by list price."""
        return self.line.unit_price.amount * self.pieces


def kept(order: Order, gone: Iterable[Refund]) -> list[Kept]:
    """What stays when the pieces of these refunds are gone."""
    pieces, money = Counter[UUID](), Counter[UUID]()
    for line in (line for refund in gone for line in refund.lines):
        pieces[line.line_id] += line.quantity
        money[line.line_id] += line.amount.amount
    left = [
        Kept(line=li, pieces=li.quantity - pieces[li.line_id], share=li.paid.amount - money[li.line_id])
        for li in order.lines
    ]
    return [each for each in left if each.pieces]


def listed(stays: Iterable[Kept]) -> int:
    """What they cost together by list price."""
    return sum(each.listed for each in stays)


def share(stays: Iterable[Kept]) -> int:
    """Their share of what was paid."""
    return sum(each.share for each in stays)


def before_shipping(order: Order, refund: Refund, stays: Sequence[Kept]) -> tuple[int, int]:
    """What is withheld, of the goods' money and for shipping, if `stays` is what the shopper keeps."""
    assert order.terms
    price = order.terms.price(listed(stays))
    most = sum(line.amount.amount for line in refund.lines) + order.withheld_goods + order.withheld_shipping
    goods = min(max(0, price.goods - share(stays)), most)
    return goods, min(max(0, price.shipping - order.shipping.amount), most - goods)


def after_shipping(order: Order, refund: Refund, before: Sequence[Kept]) -> tuple[int, int]:
    """What stays withheld when pieces of an order that was sent come back with their part of it."""
    wanted = {line.line_id: line.quantity for line in refund.lines}
    withheld = Money(order.withheld_goods, order.total.currency)
    weights = [each.listed for each in before]
    shares = allocate(withheld, weights if any(weights) else [each.pieces for each in before])
    returned = sum(
        part(money.amount, wanted.get(each.line.line_id, 0), each.pieces)
        for money, each in zip(shares, before, strict=True)
    )
    most = sum(line.amount.amount for line in refund.lines)
    return order.withheld_goods - max(returned, -most), order.withheld_shipping
