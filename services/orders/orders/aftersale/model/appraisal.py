"""What an approval of a refund pays, computed in one place: so that it is shown, returned and paid alike."""

from collections.abc import Iterable, Sequence

from orders.aftersale.model import reasons, repricing
from orders.aftersale.model.refund import Kind, Refund
from orders.aftersale.model.repricing import Kept
from orders.fulfilment.front import Order, Why
from shared.money import Money


def appraise(order: Order, refund: Refund, others: Iterable[Refund], *, shipped: bool) -> None:
    """Set what `refund` pays if it is granted now, beside the order's `others`.

    Its pieces have their own money. If nothing of the order stays, and nothing was `shipped`, granting it
    cancels the order, and the shipping fee goes back too. Only pieces whose refund was granted are gone: a
    request that waits may be refused. By the order's policy, what stays may be priced again.
    """
    granted = [other for other in others if other.takes_its_pieces and other.refund_id != refund.refund_id]
    before, stays = repricing.kept(order, granted), repricing.kept(order, [*granted, refund])
    cancels = not shipped and not stays
    refund.kind = Kind.CANCELLATION if cancels else Kind.REFUND
    refund.shipping = order.shipping if cancels else order.none
    goods, shipping = _withheld(order, refund, before, stays, shipped=shipped)
    refund.withheld_goods, refund.withheld_shipping = (
        goods - order.withheld_goods,
        shipping - order.withheld_shipping,
    )
    refund.add_up()
    refund.why = explain(order, refund, stays)


def explain(order: Order, refund: Refund, stays: Sequence[Kept] = ()) -> tuple[Why, ...]:
    """Why the refund is more or less than its pieces cost, where these `stays` are what is left of the order."""
    return tuple(_why(order, refund, stays))


def _withheld(
    order: Order, refund: Refund, before: Sequence[Kept], stays: Sequence[Kept], *, shipped: bool
) -> tuple[int, int]:
    """What the order withholds once the refund is granted: of the goods' money, and for shipping."""
    if shipped:
        return repricing.after_shipping(order, refund, before)
    if not stays or not order.terms or not order.is_repriced:
        return 0, 0
    return repricing.before_shipping(order, refund, stays)


def _why(order: Order, refund: Refund, stays: Sequence[Kept]) -> Iterable[Why]:
    goods, shipping = (Money(n, order.total.currency) for n in (refund.withheld_goods, refund.withheld_shipping))
    if refund.shipping:
        yield reasons.shipping_returned(refund.shipping)
    if goods.amount > 0 and order.terms:
        price = Money(order.terms.price(repricing.listed(stays)).goods, goods.currency)
        yield reasons.goods_cost_more(price, Money(repricing.share(stays), goods.currency), goods)
    if shipping.amount > 0:
        yield reasons.shipping_is_due(shipping)
    if (back := min(goods.amount, 0) + min(shipping.amount, 0)) < 0:
        yield reasons.difference_returned(Money(-back, goods.currency))
