"""Lists of campaigns and coupons."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from marketing.coupons import views
from marketing.coupons.model.campaigns import Campaign, Usage
from marketing.work import Work
from shared.auth import Caller
from shared.contracts.marketing import views as answers
from shared.contracts.marketing.requests import ListCampaigns, ListMyCoupons, ListShopCampaigns
from shared.contracts.pages import Page, page


def list_campaigns(work: Work, requested: ListCampaigns) -> Page[answers.Campaign]:
    """Campaigns that are open now, newest first."""
    found = work.campaigns.open_at(work.now, requested.shop_id, requested.cursor, requested.limit + 1)
    return page(found, lambda each: views.campaign(each, work.now), lambda each: each.campaign_id, requested.limit)


def list_shop_campaigns(work: Work, caller: Caller, requested: ListShopCampaigns) -> Page[answers.ShopCampaign]:
    """All campaigns of the caller's shop, newest first. Raises Forbidden for another shop."""
    caller.require_shop(requested.shop_id)
    found = work.campaigns.of_shop(requested.shop_id, requested.cursor, requested.limit + 1)
    used = work.campaigns.usage([each.campaign_id for each in found])
    show = partial(_with_figures, used, work.now)
    return page(found, show, lambda each: each.campaign_id, requested.limit)


def shop_campaign(work: Work, campaign: Campaign) -> answers.ShopCampaign:
    """A campaign as its shop sees it."""
    return _with_figures(work.campaigns.usage([campaign.campaign_id]), work.now, campaign)


def list_my_coupons(work: Work, caller: Caller, requested: ListMyCoupons) -> Page[answers.Coupon]:
    """The caller's coupons, newest first."""
    found = work.coupons.of_user(caller.account, requested.cursor, requested.limit + 1)
    return page(found, lambda each: views.coupon(each, work.now), lambda each: each.coupon_id, requested.limit)


def _with_figures(used: Mapping[UUID, Usage], at: datetime, campaign: Campaign) -> answers.ShopCampaign:
    return views.shop_campaign(campaign, used[campaign.campaign_id], at)
