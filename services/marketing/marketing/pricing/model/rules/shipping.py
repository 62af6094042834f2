"""Sets each shop's shipping fee, which is zero once its goods after discount reach a threshold."""

from dataclasses import replace

from marketing.pricing.model.quotes import ShippingTerms
from marketing.pricing.model.reasons import Reason
from marketing.pricing.model.shipping import Zone
from marketing.pricing.model.state import Basket, Context, Line, ShopPart
from marketing.texts import Text
from shared.money import Money, shown, zero


def shipping(basket: Basket, context: Context) -> Basket:
    """Set each shop's shipping line, by the fee zone."""
    return basket.each_shop(lambda part: _with_shipping(part, context.zone))


def _with_shipping(part: ShopPart, zone: Zone) -> ShopPart:
    why = _why(zone, part.paid)
    terms = ShippingTerms(zone.fee, zone.free_from)
    return replace(part, shipping=Line(subtotal=why.amount, why=(why,)), shipping_terms=terms)


def _why(zone: Zone, goods: Money) -> Reason:
    if zone.free_from is None:
        return _remote(zone.fee)
    return _free(zone.free_from) if zone.is_free_for(goods) else _fee(zone.fee, zone.free_from)


def _remote(fee: Money) -> Reason:
    return Reason("shipping", Text(f"偏远地区运费{shown(fee)}", f"Shipping to a remote region: {shown(fee)}"), fee)


def _fee(fee: Money, free_from: Money) -> Reason:
    zh = f"运费{shown(fee)},满{shown(free_from)}包邮"
    return Reason("shipping", Text(zh, f"Shipping {shown(fee)}, free from {shown(free_from)}"), fee)


def _free(free_from: Money) -> Reason:
    text = Text(f"满{shown(free_from)}包邮", f"Free shipping from {shown(free_from)}")
    return Reason("shipping_free", text, zero(free_from.currency))
