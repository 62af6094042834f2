"""The amount of a refund, computed in one place, so that preview, response and payment agree."""

from collections.abc import Iterable, Sequence

from orders.aftersale.model import reasons, repricing
from orders.aftersale.model.refund import Kind, Refund
from orders.aftersale.model.repricing import Kept
from orders.fulfilment.front import Order, Why
from shared.money import Money


def appraise(order: Order, refund: Refund, others: Iterable[Refund], *, shipped: bool) -> None:
    """Set the amount that `refund` pays if it is granted now, given the order's `others`.

    Each unit is refunded at its share of what was paid. If no unit remains and nothing was `shipped`, granting the
    refund cancels the order and refunds the shipping fee too. Units of open requests count as remaining, since the
    request may be refused. Depending on the order's policy, the remaining units are repriced.
    """
    granted = [other for other in others if other.removes_its_units and other.refund_id != refund.refund_id]
    before, remaining = repricing.kept(order, granted), repricing.kept(order, [*granted, refund])
    cancels = not shipped and not remaining
    refund.kind = Kind.CANCELLATION if cancels else Kind.REFUND
    refund.shipping = order.shipping if cancels else order.no_amount
    goods, shipping = _withheld(order, refund, before, remaining, shipped=shipped)
    refund.withheld_goods, refund.withheld_shipping = (
        goods - order.withheld_goods,
        shipping - order.withheld_shipping,
    )
    refund.add_up()
    refund.why = explain(order, refund, remaining)


def explain(order: Order, refund: Refund, remaining: Sequence[Kept] = ()) -> tuple[Why, ...]:
    """Why the refund differs from what its units cost, given the `remaining` units of the order."""
    return tuple(_why(order, refund, remaining))


def _withheld(
    order: Order, refund: Refund, before: Sequence[Kept], remaining: Sequence[Kept], *, shipped: bool
) -> tuple[int, int]:
    """What the order withholds once the refund is granted, in minor units: for products, and for shipping."""
    if shipped:
        return repricing.after_shipping(order, refund, before)
    if not remaining or not order.terms or not order.is_repriced:
        return 0, 0
    return repricing.before_shipping(order, refund, remaining)


def _why(order: Order, refund: Refund, remaining: Sequence[Kept]) -> Iterable[Why]:
    goods, shipping = (Money(n, order.total.currency) for n in (refund.withheld_goods, refund.withheld_shipping))
    if refund.shipping:
        yield reasons.shipping_returned(refund.shipping)
    if goods.amount > 0 and order.terms:
        price = Money(order.terms.price(repricing.listed(remaining)).goods, goods.currency)
        yield reasons.goods_cost_more(price, Money(repricing.share(remaining), goods.currency), goods)
    if shipping.amount > 0:
        yield reasons.shipping_is_due(shipping)
    if (returned := min(goods.amount, 0) + min(shipping.amount, 0)) < 0:
        yield reasons.difference_returned(Money(-returned, goods.currency))
