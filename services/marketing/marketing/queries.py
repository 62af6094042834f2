"""What marketing is asked without changing anything."""

from typing import Any

from marketing import documents, tariff, tokens
from marketing.domain.campaigns import Campaign
from marketing.domain.coupons import Coupon, CouponNotApplicable, Obstacle
from marketing.domain.pricing import price
from marketing.schemas import OpenCampaigns, Page, QuoteRequest, ShopCampaigns
from marketing.work import Work
from shared.auth import Caller
from shared.ids import new_id


def quote(work: Work, caller: Caller, asked: QuoteRequest) -> dict[str, Any]:
    """Price a basket for its buyer and sign the price, for 15 minutes.

    Raises what pricing raises, CouponNotApplicable for a coupon that is not the caller's, PlaceNotFound.
    """
    prices = work.prices.of({want.sku_id for want in asked.lines}, tariff.currency())
    zone = tariff.zone(asked.place().division_code)
    priced = price(asked.lines, prices, _coupons(work, caller, asked), zone, work.now)
    quote_id = new_id()
    token = tokens.sign(priced, quote_id, caller.account, work.now, asked.cart_version)
    document = documents.quote(priced, quote_id, work.now + tokens.LIFETIME, token)
    return {**document, "cart_version": asked.cart_version}


def _coupons(work: Work, caller: Caller, asked: QuoteRequest) -> list[Coupon]:
    wanted = list(dict.fromkeys(asked.coupon_ids))
    owned = work.coupons.owned(caller.account, wanted) if wanted else {}
    for coupon_id in wanted:
        if coupon_id not in owned:
            raise CouponNotApplicable(coupon_id, Obstacle.UNKNOWN)
    return [owned[coupon_id] for coupon_id in wanted]


def list_campaigns(work: Work, asked: OpenCampaigns) -> dict[str, Any]:
    """Campaigns that give out coupons now, newest first."""
    return _campaigns(work.campaigns.open_at(work.now, asked.shop_id, asked.cursor, asked.limit + 1), asked)


def shop_campaigns(work: Work, caller: Caller, asked: ShopCampaigns) -> dict[str, Any]:
    """All campaigns of the caller's shop, newest first. Raises Forbidden for another's."""
    caller.require_shop(asked.shop_id)
    return _campaigns(work.campaigns.of_shop(asked.shop_id, asked.cursor, asked.limit + 1), asked)


def my_coupons(work: Work, caller: Caller, asked: Page) -> dict[str, Any]:
    """The caller's coupons, newest first."""
    found = work.coupons.of_person(caller.account, asked.cursor, asked.limit + 1)
    return documents.page(found, lambda each: documents.coupon(each, work.now), "coupon_id", asked.limit)


def _campaigns(found: list[Campaign], asked: Page) -> dict[str, Any]:
    return documents.page(found, documents.campaign, "campaign_id", asked.limit)
