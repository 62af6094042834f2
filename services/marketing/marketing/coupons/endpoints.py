"""Requests about campaigns and coupons, and the events of shops."""

from typing import Any

from marketing.coupons import queries, use_cases, views
from marketing.work import Work
from shared.auth import Caller
from shared.contracts import users
from shared.contracts.marketing import views as answer
from shared.contracts.marketing.requests import (
    ClaimCoupon,
    CreateCampaign,
    GetShopCampaign,
    ListCampaigns,
    ListMyCoupons,
    ListShopCampaigns,
    PauseCampaign,
    ResumeCampaign,
)
from shared.contracts.pages import Page
from shared.entrypoints import answers, every, handles


class Coupons:
    """Create, list, pause and resume campaigns, claim and list coupons."""

    work: Any

    @answers(ListCampaigns)
    def list_campaigns(self, work: Work, _caller: Caller, request: ListCampaigns) -> Page[answer.Campaign]:
        return queries.list_campaigns(work, request)

    @answers(ClaimCoupon)
    def claim_coupon(self, work: Work, caller: Caller, request: ClaimCoupon) -> answer.Coupon:
        return views.coupon(use_cases.claim_coupon(work, caller, request.campaign_id), work.now)

    @answers(ListMyCoupons)
    def list_my_coupons(self, work: Work, caller: Caller, request: ListMyCoupons) -> Page[answer.Coupon]:
        return queries.list_my_coupons(work, caller, request)

    @answers(CreateCampaign)
    def create_campaign(self, work: Work, caller: Caller, request: CreateCampaign) -> answer.Campaign:
        return views.campaign(use_cases.create_campaign(work, caller, request), work.now)

    @answers(ListShopCampaigns)
    def list_shop_campaigns(
        self, work: Work, caller: Caller, request: ListShopCampaigns
    ) -> Page[answer.ShopCampaign]:
        return queries.list_shop_campaigns(work, caller, request)

    @answers(GetShopCampaign)
    def get_shop_campaign(self, work: Work, caller: Caller, request: GetShopCampaign) -> answer.ShopCampaign:
        return queries.shop_campaign(work, use_cases.own_campaign(work, caller, request.campaign_id))

    @answers(PauseCampaign)
    def pause_campaign(self, work: Work, caller: Caller, request: PauseCampaign) -> answer.ShopCampaign:
        return queries.shop_campaign(work, use_cases.pause(work, caller, request.campaign_id, paused=True))

    @answers(ResumeCampaign)
    def resume_campaign(self, work: Work, caller: Caller, request: ResumeCampaign) -> answer.ShopCampaign:
        return queries.shop_campaign(work, use_cases.pause(work, caller, request.campaign_id, paused=False))

    @handles(users.ShopApproved, users.ShopSuspended)
    def follow_shops(self, work: Work, event: users.ShopApproved | users.ShopSuspended) -> None:
        use_cases.follow_shop(work, event)

    @every(seconds=60)
    def end_campaigns(self) -> None:
        use_cases.end_campaigns(self.work)
