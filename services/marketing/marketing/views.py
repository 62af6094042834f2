"""What marketing answers, made of what it keeps."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from marketing.domain.campaigns import Campaign
from marketing.domain.coupons import Coupon
from marketing.domain.quotes import Quote, QuoteLine, ShopQuote, ShopTerms
from marketing.domain.reasons import Reason
from marketing.domain.texts import Text
from shared.contracts.marketing import views
from shared.contracts.pages import Page
from shared.contracts.texts import AmountReason, BilingualName, BilingualText

T = TypeVar("T")
V = TypeVar("V")


def campaign(shown: Campaign) -> views.Campaign:
    """A campaign, its terms among its own fields."""
    return views.Campaign(
        campaign_id=shown.campaign_id,
        shop_id=shown.terms.shop_id,
        name=_name(shown.terms.name),
        threshold=shown.terms.threshold,
        discount=shown.terms.discount,
        total_limit=shown.total_limit,
        per_person_limit=shown.per_person_limit,
        claimed=shown.claimed,
        starts_at=shown.starts_at,
        ends_at=shown.ends_at,
    )


def coupon(shown: Coupon, at: datetime) -> views.Coupon:
    """A coupon for its owner, as it is at this time."""
    return views.Coupon(
        coupon_id=shown.coupon_id,
        campaign_id=shown.campaign_id,
        state=views.CouponState(shown.state_at(at)),
        expires_at=shown.expires_at,
        shop_id=shown.terms.shop_id,
        name=_name(shown.terms.name),
        threshold=shown.terms.threshold,
        discount=shown.terms.discount,
    )


def quote(shown: Quote, quote_id: UUID, expires_at: datetime, token: str, cart_version: int | None) -> views.Quote:
    """A quote to be shown, and the signed token to order it with."""
    return views.Quote(
        quote_id=quote_id,
        expires_at=expires_at,
        token=token,
        currency=shown.currency,
        zone=views.ShippingZone(shown.zone),
        coupon_ids=shown.coupon_ids,
        cart_version=cart_version,
        shops=tuple(map(_shop, shown.shops)),
        total=shown.total,
    )


def page(items: Sequence[T], show: Callable[[T], V], key: Callable[[T], UUID], limit: int) -> Page[V]:
    """One page of a list that was read one item too far: `next` is the cursor of the following page, or null."""
    following = str(key(items[limit - 1])) if len(items) > limit else None
    return Page(items=tuple(map(show, items[:limit])), next=following)


def _shop(shown: ShopQuote) -> views.ShopQuote:
    return views.ShopQuote(
        shop_id=shown.shop_id,
        goods=shown.goods,
        discount=shown.discount,
        shipping=shown.shipping,
        total=shown.total,
        lines=tuple(map(_line, shown.lines)),
        why=tuple(map(_reason, shown.why)),
        terms=_terms(shown.terms),
    )


def _line(shown: QuoteLine) -> views.QuoteLine:
    return views.QuoteLine(
        sku_id=shown.sku_id,
        product_id=shown.product_id,
        title=shown.title,
        options=shown.options,
        image=shown.image,
        quantity=shown.quantity,
        unit_price=shown.unit_price,
        subtotal=shown.subtotal,
        discount=shown.discount,
        paid=shown.paid,
        why=tuple(map(_reason, shown.why)),
    )


def _terms(shown: ShopTerms) -> views.ShopTerms:
    return views.ShopTerms(
        discounts=tuple(views.DiscountTerms(threshold=each.threshold, off=each.off) for each in shown.discounts),
        shipping=views.ShippingTerms(fee=shown.shipping.fee, free_from=shown.shipping.free_from),
    )


def _reason(shown: Reason) -> AmountReason:
    text = BilingualText(zh=shown.text.zh, en=shown.text.en)
    return AmountReason(code=shown.code, text=text, amount=shown.amount)


def _name(shown: Text) -> BilingualName:
    return BilingualName(zh=shown.zh, en=shown.en)
