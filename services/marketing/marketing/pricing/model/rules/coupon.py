"""Applies a shop's coupon to that shop's goods, if they reach its threshold before any discount."""

from dataclasses import replace

from marketing.coupons.front import Coupon, CouponNotApplicable, Obstacle, Terms
from marketing.pricing.model.discounts import Discount
from marketing.pricing.model.quotes import DiscountTerms
from marketing.pricing.model.reasons import Reason
from marketing.pricing.model.state import Basket, Context, ShopPart
from marketing.texts import Text
from shared.money import Money, shown, zero

SOURCE = "coupon"


def coupon(basket: Basket, context: Context) -> Basket:
    """Apply all coupons of the buyer. Raises CouponNotApplicable for one that cannot be used with this basket."""
    for each in context.rights.get(SOURCE, ()):
        basket = basket.with_part(_used(each, _part(each, basket, context)))
    return basket


def _part(used: Coupon, basket: Basket, context: Context) -> ShopPart:
    part = basket.part(used.terms.shop_id)
    if part is None:
        raise CouponNotApplicable(used.coupon_id, Obstacle.NO_GOODS_OF_SHOP)
    if other := part.conflicting_source(SOURCE, context.not_combinable):
        obstacle = Obstacle.ONE_PER_SHOP if other == SOURCE else Obstacle.NOT_COMBINABLE
        raise CouponNotApplicable(used.coupon_id, obstacle, conflicts_with=other)
    return part


def _used(used: Coupon, part: ShopPart) -> ShopPart:
    terms = used.terms
    if part.subtotal < terms.threshold:
        missing = (terms.threshold - part.subtotal).amount
        raise CouponNotApplicable(used.coupon_id, Obstacle.BELOW_THRESHOLD, missing=missing)
    less = part.less(_discount(used))
    priced_by = DiscountTerms(terms.threshold, part.paid - less.paid)
    return replace(less, discounts=(*part.discounts, priced_by))


def _discount(used: Coupon) -> Discount:
    return Discount(
        source=SOURCE,
        source_id=used.campaign_id,
        terms_version=used.terms.version,
        shop=used.terms.discount,
        platform=zero(used.terms.discount.currency),
        why=lambda saved: _why(used.terms, saved),
        why_share=lambda share: _why_share(used.terms, share),
    )


def _why(terms: Terms, saved: Money) -> Reason:
    zh = f"优惠券「{terms.name.zh}」:满{shown(terms.threshold)}减{shown(terms.discount)}"
    en = f"Coupon “{terms.name.en}”: {shown(terms.discount)} off from {shown(terms.threshold)}"
    return Reason(SOURCE, Text(zh, en), -saved)


def _why_share(terms: Terms, share: Money) -> Reason:
    zh = f"优惠券「{terms.name.zh}」分摊{shown(share)}"
    en = f"Share of coupon “{terms.name.en}”: {shown(share)}"
    return Reason(SOURCE, Text(zh, en), -share)
