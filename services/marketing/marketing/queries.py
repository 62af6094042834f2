"""What marketing is asked without changing anything."""

from marketing import tariff, tokens, views
from marketing.domain.campaigns import Campaign
from marketing.domain.coupons import Coupon, CouponNotApplicable, Obstacle
from marketing.domain.pricing import Want, price
from marketing.work import Work
from shared import places
from shared.auth import Caller
from shared.contracts.marketing import views as answers
from shared.contracts.marketing.requests import ListCampaigns, ListMyCoupons, ListShopCampaigns, RequestQuote
from shared.contracts.pages import Page
from shared.ids import new_id


def quote(work: Work, caller: Caller, asked: RequestQuote) -> answers.Quote:
    """Price a basket for its buyer and sign the price, for 15 minutes.

    Raises what pricing raises, CouponNotApplicable for a coupon that is not the caller's, PlaceNotFound.
    """
    prices = work.prices.of({want.sku_id for want in asked.lines}, tariff.currency())
    zone = tariff.zone(_division(asked))
    basket = [Want(line.sku_id, line.quantity) for line in asked.lines]
    priced = price(basket, prices, _coupons(work, caller, asked), zone, work.now)
    quote_id = new_id()
    token = tokens.sign(priced, quote_id, caller.account, work.now, asked.cart_version)
    return views.quote(priced, quote_id, work.now + tokens.LIFETIME, token, asked.cart_version)


def _division(asked: RequestQuote) -> str:
    """The code of where it would go. Raises as `places.find_province` does."""
    place = places.find_province(country=asked.country, division_code=asked.division_code, province=asked.province)
    return place.division_code


def _coupons(work: Work, caller: Caller, asked: RequestQuote) -> list[Coupon]:
    wanted = list(dict.fromkeys(asked.coupon_ids))
    owned = work.coupons.owned(caller.account, wanted) if wanted else {}
    for coupon_id in wanted:
        if coupon_id not in owned:
            raise CouponNotApplicable(coupon_id, Obstacle.UNKNOWN)
    return [owned[coupon_id] for coupon_id in wanted]


def list_campaigns(work: Work, asked: ListCampaigns) -> Page[answers.Campaign]:
    """Campaigns that give out coupons now, newest first."""
    return _campaigns(work.campaigns.open_at(work.now, asked.shop_id, asked.cursor, asked.limit + 1), asked)


def list_shop_campaigns(work: Work, caller: Caller, asked: ListShopCampaigns) -> Page[answers.Campaign]:
    """All campaigns of the caller's shop, newest first. Raises Forbidden for another's."""
    caller.require_shop(asked.shop_id)
    return _campaigns(work.campaigns.of_shop(asked.shop_id, asked.cursor, asked.limit + 1), asked)


def list_my_coupons(work: Work, caller: Caller, asked: ListMyCoupons) -> Page[answers.Coupon]:
    """The caller's coupons, newest first."""
    found = work.coupons.of_person(caller.account, asked.cursor, asked.limit + 1)
    return views.page(found, lambda each: views.coupon(each, work.now), lambda each: each.coupon_id, asked.limit)


def _campaigns(found: list[Campaign], asked: ListCampaigns | ListShopCampaigns) -> Page[answers.Campaign]:
    return views.page(found, views.campaign, lambda each: each.campaign_id, asked.limit)
