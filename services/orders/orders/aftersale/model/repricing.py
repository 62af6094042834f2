"""Repricing of an order's remaining units by its own terms, and what is withheld from a refund for it.

The shares of what was paid are fixed. If the remaining units cost more by the terms than their shares, the
difference is withheld from the refund, at most all of it. It is returned with the refund of the last units.
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
    """`quantity`: the remaining units of a line; `share`: their share of what was paid for it, in minor units."""

    line: Line
    quantity: int
    share: int

    @property
    def listed(self) -> int:
        """Their list price in minor units."""
        return self.line.unit_price.amount * self.quantity


def kept(order: Order, gone: Iterable[Refund]) -> list[Kept]:
    """What remains of the order after these refunds, by line."""
    quantities, money = Counter[UUID](), Counter[UUID]()
    for line in (line for refund in gone for line in refund.lines):
        quantities[line.line_id] += line.quantity
        money[line.line_id] += line.amount.amount
    left = [
        Kept(line=li, quantity=li.quantity - quantities[li.line_id], share=li.paid.amount - money[li.line_id])
        for li in order.lines
    ]
    return [each for each in left if each.quantity]


def listed(remaining: Iterable[Kept]) -> int:
    """The sum of their list prices in minor units."""
    return sum(each.listed for each in remaining)


def share(remaining: Iterable[Kept]) -> int:
    """The sum of their shares of what was paid, in minor units."""
    return sum(each.share for each in remaining)


def before_shipping(order: Order, refund: Refund, remaining: Sequence[Kept]) -> tuple[int, int]:
    """What is withheld for products and for shipping, in minor units, if the shopper keeps `remaining`."""
    assert order.terms
    price = order.terms.price(listed(remaining))
    most = sum(line.amount.amount for line in refund.lines) + order.withheld_goods + order.withheld_shipping
    goods = min(max(0, price.goods - share(remaining)), most)
    return goods, min(max(0, price.shipping - order.shipping.amount), most - goods)


def after_shipping(order: Order, refund: Refund, before: Sequence[Kept]) -> tuple[int, int]:
    """What remains withheld, in minor units, when a refund after shipping returns its units' part of it."""
    wanted = {line.line_id: line.quantity for line in refund.lines}
    withheld = Money(order.withheld_goods, order.total.currency)
    weights = [each.listed for each in before]
    shares = allocate(withheld, weights if any(weights) else [each.quantity for each in before])
    returned = sum(
        part(money.amount, wanted.get(each.line.line_id, 0), each.quantity)
        for money, each in zip(shares, before, strict=True)
    )
    most = sum(line.amount.amount for line in refund.lines)
    return order.withheld_goods - max(returned, -most), order.withheld_shipping
