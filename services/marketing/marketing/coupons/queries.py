"""Lists of campaigns and coupons."""

from marketing.coupons import views
from marketing.coupons.model.campaigns import Campaign
from marketing.work import Work
from shared.auth import Caller
from shared.contracts.marketing import views as answers
from shared.contracts.marketing.requests import ListCampaigns, ListMyCoupons, ListShopCampaigns
from shared.contracts.pages import Page, page


def list_campaigns(work: Work, requested: ListCampaigns) -> Page[answers.Campaign]:
    """Campaigns that are open now, newest first."""
    return _campaigns(
        work.campaigns.open_at(work.now, requested.shop_id, requested.cursor, requested.limit + 1), requested
    )


def list_shop_campaigns(work: Work, caller: Caller, requested: ListShopCampaigns) -> Page[answers.Campaign]:
    """All campaigns of the caller's shop, newest first. Raises Forbidden for another shop."""
    caller.require_shop(requested.shop_id)
    return _campaigns(work.campaigns.of_shop(requested.shop_id, requested.cursor, requested.limit + 1), requested)


def list_my_coupons(work: Work, caller: Caller, requested: ListMyCoupons) -> Page[answers.Coupon]:
    """The caller's coupons, newest first."""
    found = work.coupons.of_user(caller.account, requested.cursor, requested.limit + 1)
    return page(found, lambda each: views.coupon(each, work.now), lambda each: each.coupon_id, requested.limit)


def _campaigns(found: list[Campaign], requested: ListCampaigns | ListShopCampaigns) -> Page[answers.Campaign]:
    return page(found, views.campaign, lambda each: each.campaign_id, requested.limit)
