"""Lists of campaigns and coupons."""

from marketing.coupons import views
from marketing.coupons.model.campaigns import Campaign
from marketing.work import Work
from shared.auth import Caller
from shared.contracts.marketing import views as answers
from shared.contracts.marketing.requests import ListCampaigns, ListMyCoupons, ListShopCampaigns
from shared.contracts.pages import Page, page


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
    return page(found, lambda each: views.coupon(each, work.now), lambda each: each.coupon_id, asked.limit)


def _campaigns(found: list[Campaign], asked: ListCampaigns | ListShopCampaigns) -> Page[answers.Campaign]:
    return page(found, views.campaign, lambda each: each.campaign_id, asked.limit)
