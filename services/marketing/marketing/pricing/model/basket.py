"""Pricing: a pure function from a basket to a quote. Amounts do not depend on the order of the basket.

Equal SKUs are merged into one line; then the rules are applied one after the other (`rules.RULES`). The lines of
the quote are in the order of the basket.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from marketing.pricing.model.quotes import Quote, QuoteLine, ShippingLine, ShopQuote, ShopTerms
from marketing.pricing.model.rules import RULES
from marketing.pricing.model.state import Basket, Context, GoodsLine, Line, Price, Rule, ShopPart, basket_of
from shared.errors import Conflict, Invalid
from shared.money import total

MOST_OF_ONE = 9_999
MOST_TO_PAY = 10**13  # minor units; far below the limit of a bigint column


class SkuUnavailable(Conflict):
    """Some of the SKUs are not for sale; `sku_ids` lists them."""

    code = "sku_unavailable"


class QuantityOutOfRange(Invalid):
    """The quantity of each SKU is between 1 and 9999."""

    code = "quantity_out_of_range"


class TotalTooLarge(Invalid):
    """The total of the basket exceeds the limit of one payment."""

    code = "total_too_large"


@dataclass(frozen=True, slots=True)
class Want:
    """`quantity` units of a SKU in a basket."""

    sku_id: UUID
    quantity: int


def price(wanted: Sequence[Want], context: Context, rules: Sequence[Rule] = RULES) -> Quote:
    """Price a basket by the rules, in their order. The rights in the context must be the buyer's, and usable.

    Raises SkuUnavailable, QuantityOutOfRange, TotalTooLarge, and what a rule raises.
    """
    wants = _merged(wanted)
    _check_available(wants, context.prices)
    basket = basket_of(wants, context.prices)
    for rule in rules:
        basket = rule(basket, context)
    return _quote(basket, wants, context)


def _merged(wanted: Iterable[Want]) -> dict[UUID, int]:
    wants: dict[UUID, int] = {}
    for want in wanted:
        wants[want.sku_id] = wants.get(want.sku_id, 0) + want.quantity
        if want.quantity < 1 or wants[want.sku_id] > MOST_OF_ONE:
            raise QuantityOutOfRange(sku_id=str(want.sku_id), quantity=wants[want.sku_id])
    return wants


def _check_available(wants: Iterable[UUID], prices: Mapping[UUID, Price]) -> None:
    missing = [str(sku_id) for sku_id in wants if sku_id not in prices]
    if missing:
        raise SkuUnavailable(sku_ids=missing)


def _quote(basket: Basket, wants: Mapping[UUID, int], context: Context) -> Quote:
    """The priced basket as a quote, shops and lines in the order of `wants`."""
    place = {sku_id: at for at, sku_id in enumerate(wants)}
    by_place = {min(place[line.listed.sku_id] for line in part.goods): part for part in basket.shops}
    shops = tuple(_shop(by_place[at], place) for at in sorted(by_place))
    to_pay = total((shop.total for shop in shops), context.zone.fee.currency)
    if to_pay.amount > MOST_TO_PAY:
        raise TotalTooLarge(most=MOST_TO_PAY)
    return Quote(to_pay.currency, context.zone.name, context.benefits, shops, to_pay)


def _shop(part: ShopPart, place: Mapping[UUID, int]) -> ShopQuote:
    shipping = part.shipping
    return ShopQuote(
        shop_id=part.shop_id,
        goods=part.subtotal,
        discount=part.subtotal - part.paid,
        shipping=shipping.paid,
        total=part.paid + shipping.paid,
        lines=tuple(map(_line, sorted(part.goods, key=lambda line: place[line.listed.sku_id]))),
        shipping_line=_shipping(shipping),
        why=part.why + shipping.why,
        terms=_terms(part, shipping),
    )


def _line(line: GoodsLine) -> QuoteLine:
    listed = line.listed
    return QuoteLine(
        kind=line.kind,
        sku_id=listed.sku_id,
        product_id=listed.product_id,
        title=listed.title,
        options=listed.options,
        image=listed.image,
        category=listed.category,
        quantity=line.quantity,
        unit_price=listed.amount,
        subtotal=line.subtotal,
        discount=line.discount,
        paid=line.paid,
        allocations=line.allocations,
        why=line.why,
    )


def _shipping(line: Line) -> ShippingLine:
    return ShippingLine(
        kind=line.kind,
        subtotal=line.subtotal,
        discount=line.discount,
        paid=line.paid,
        allocations=line.allocations,
        why=line.why,
    )


def _terms(part: ShopPart, shipping: Line) -> ShopTerms | None:
    """The terms, or None if the price does not follow from them alone: then the order cannot be repriced."""
    off = total((each.off for each in part.discounts), part.currency)
    if part.shipping_terms is None or off != part.subtotal - part.paid or shipping.allocations:
        return None
    return ShopTerms(discounts=part.discounts, shipping=part.shipping_terms)
