"""Pricing: a pure function from a basket to a quote. Same input, same answer.

Steps, in this order: equal SKUs are one line; list price; each shop's coupon, shared out to its lines by
largest remainder; shipping for each shop on what is left. No line's discount exceeds its subtotal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from marketing.coupons.front import Coupon, CouponNotApplicable, Obstacle
from marketing.pricing.model import reasons
from marketing.pricing.model.quotes import DiscountTerms, Quote, QuoteLine, ShippingTerms, ShopQuote, ShopTerms
from marketing.pricing.model.shipping import Zone
from shared.errors import Conflict, Invalid
from shared.money import Money, allocate, total, zero

MOST_OF_ONE = 9_999
MOST_TO_PAY = 10**13  # minor units; far above any basket, far below what a bigint column holds


class SkuUnavailable(Conflict):
    """Some of these goods are not for sale."""

    code = "sku_unavailable"


class QuantityOutOfRange(Invalid):
    """A quantity is a whole number from 1 to 9999, for each SKU."""

    code = "quantity_out_of_range"


class TotalTooLarge(Invalid):
    """The basket costs more than can be paid at once."""

    code = "total_too_large"


@dataclass(frozen=True, slots=True)
class Want:
    """`quantity` pieces of a SKU in a basket."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Price:
    """What one piece of a SKU costs, and how it is shown."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    title: str
    options: str
    image: str | None
    amount: Money
    category: str | None = None


def price(
    basket: Sequence[Want], prices: Mapping[UUID, Price], coupons: Sequence[Coupon], zone: Zone, at: datetime
) -> Quote:
    """Price a basket at a moment (aware UTC). Coupons are the buyer's own, and each must be usable.

    Raises SkuUnavailable, QuantityOutOfRange, TotalTooLarge, CouponNotApplicable.
    """
    wants = _merged(basket)
    _check_available(wants, prices)
    coupon_of = _by_shop(coupons, at)
    shops = tuple(
        _shop(shop_id, wants, prices, coupon_of.pop(shop_id, None), zone)
        for shop_id in dict.fromkeys(prices[sku_id].shop_id for sku_id in wants)
    )
    for coupon in coupon_of.values():
        raise CouponNotApplicable(coupon.coupon_id, Obstacle.NO_GOODS_OF_SHOP)
    return _quote(shops, coupons, zone)


def _merged(basket: Iterable[Want]) -> dict[UUID, int]:
    wants: dict[UUID, int] = {}
    for want in basket:
        wants[want.sku_id] = wants.get(want.sku_id, 0) + want.quantity
        if want.quantity < 1 or wants[want.sku_id] > MOST_OF_ONE:
            raise QuantityOutOfRange(sku_id=str(want.sku_id), quantity=wants[want.sku_id])
    return wants


def _check_available(wants: Iterable[UUID], prices: Mapping[UUID, Price]) -> None:
    missing = [str(sku_id) for sku_id in wants if sku_id not in prices]
    if missing:
        raise SkuUnavailable(sku_ids=missing)


def _by_shop(coupons: Iterable[Coupon], at: datetime) -> dict[UUID, Coupon]:
    chosen: dict[UUID, Coupon] = {}
    for coupon in coupons:
        coupon.check_usable(at)
        if coupon.terms.shop_id in chosen:
            raise CouponNotApplicable(coupon.coupon_id, Obstacle.ONE_PER_SHOP)
        chosen[coupon.terms.shop_id] = coupon
    return chosen


def _shop(
    shop_id: UUID, wants: Mapping[UUID, int], prices: Mapping[UUID, Price], coupon: Coupon | None, zone: Zone
) -> ShopQuote:
    lines = [_line(prices[sku], quantity) for sku, quantity in wants.items() if prices[sku].shop_id == shop_id]
    goods = total((line.subtotal for line in lines), zone.fee.currency)
    saved = _saved(coupon, goods)
    if coupon:
        lines = _share_out(coupon, saved, lines)
    shipping = zone.shipping(goods - saved)
    return ShopQuote(
        shop_id=shop_id,
        goods=goods,
        discount=saved,
        shipping=shipping.amount,
        total=goods - saved + shipping.amount,
        lines=tuple(lines),
        why=((reasons.coupon(coupon.terms),) if coupon else ()) + (shipping,),
        terms=ShopTerms(
            discounts=(DiscountTerms(coupon.terms.threshold, coupon.terms.discount),) if coupon else (),
            shipping=ShippingTerms(zone.fee, zone.free_from),
        ),
    )


def _line(listed: Price, quantity: int) -> QuoteLine:
    subtotal = listed.amount * quantity
    return QuoteLine(
        sku_id=listed.sku_id,
        product_id=listed.product_id,
        title=listed.title,
        options=listed.options,
        image=listed.image,
        category=listed.category,
        quantity=quantity,
        unit_price=listed.amount,
        subtotal=subtotal,
        discount=zero(subtotal.currency),
        paid=subtotal,
        why=(reasons.list_price(listed.amount, quantity),),
    )


def _saved(coupon: Coupon | None, goods: Money) -> Money:
    if coupon is None:
        return zero(goods.currency)
    if goods < coupon.terms.threshold:
        missing = (coupon.terms.threshold - goods).amount
        raise CouponNotApplicable(coupon.coupon_id, Obstacle.BELOW_THRESHOLD, missing=missing)
    return coupon.terms.discount


def _share_out(coupon: Coupon, saved: Money, lines: Sequence[QuoteLine]) -> list[QuoteLine]:
    shares = allocate(saved, [line.subtotal.amount for line in lines])
    return [_discounted(line, share, coupon) for line, share in zip(lines, shares, strict=True)]


def _discounted(line: QuoteLine, share: Money, coupon: Coupon) -> QuoteLine:
    why = (*line.why, reasons.coupon_share(coupon.terms, share))
    return replace(line, discount=share, paid=line.subtotal - share, why=why)


def _quote(shops: tuple[ShopQuote, ...], coupons: Sequence[Coupon], zone: Zone) -> Quote:
    to_pay = total((shop.total for shop in shops), zone.fee.currency)
    if to_pay.amount > MOST_TO_PAY:
        raise TotalTooLarge(most=MOST_TO_PAY)
    ids = tuple(coupon.coupon_id for coupon in coupons)
    return Quote(to_pay.currency, zone.name, ids, shops, to_pay)
