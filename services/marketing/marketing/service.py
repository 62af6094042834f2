"""The shell of marketing: what it is asked, what it obeys, and what it listens to."""

from typing import Any

from marketing import queries, tokens
from marketing.auditing import AuditDoors
from marketing.retention import RULES
from marketing.use_cases import benefits, campaigns, prices
from marketing.work import Work
from shared.audited import Audited
from shared.auth import Caller
from shared.contracts import catalog, users
from shared.contracts.marketing import HoldBenefits, RedeemBenefits, ReleaseBenefits, RestoreBenefits, views
from shared.contracts.marketing.requests import (
    ClaimCoupon,
    CreateCampaign,
    ListCampaigns,
    ListMyCoupons,
    ListShopCampaigns,
    RequestQuote,
)
from shared.contracts.pages import Page
from shared.db import Database
from shared.entrypoints import answers, every, handles
from shared.operated import Operated
from shared.retained import Retention


class MarketingService(AuditDoors, Operated, Audited):
    """Prices as a buyer sees them, campaigns and coupons."""

    name = "marketing"
    secrets = (tokens.read_key,)

    work = Database(Work)
    retention = Retention(RULES)

    @answers(RequestQuote)
    def request_quote(self, work: Work, caller: Caller, request: RequestQuote) -> views.Quote:
        return queries.quote(work, caller, request)

    @answers(ListCampaigns)
    def list_campaigns(self, work: Work, _caller: Caller, request: ListCampaigns) -> Page[views.Campaign]:
        return queries.list_campaigns(work, request)

    @answers(ClaimCoupon)
    def claim_coupon(self, work: Work, caller: Caller, request: ClaimCoupon) -> views.Coupon:
        return campaigns.claim_coupon(work, caller, request.campaign_id)

    @answers(ListMyCoupons)
    def list_my_coupons(self, work: Work, caller: Caller, request: ListMyCoupons) -> Page[views.Coupon]:
        return queries.list_my_coupons(work, caller, request)

    @answers(CreateCampaign)
    def create_campaign(self, work: Work, caller: Caller, request: CreateCampaign) -> views.Campaign:
        return campaigns.create_campaign(work, caller, request)

    @answers(ListShopCampaigns)
    def list_shop_campaigns(self, work: Work, caller: Caller, request: ListShopCampaigns) -> Page[views.Campaign]:
        return queries.list_shop_campaigns(work, caller, request)

    @handles(HoldBenefits)
    def hold_benefits(self, work: Work, command: HoldBenefits) -> None:
        benefits.hold(work, command)

    @handles(ReleaseBenefits)
    def release_benefits(self, work: Work, command: ReleaseBenefits) -> None:
        benefits.release(work, command)

    @handles(RedeemBenefits)
    def redeem_benefits(self, work: Work, command: RedeemBenefits) -> None:
        benefits.redeem(work, command)

    @handles(RestoreBenefits)
    def restore_benefits(self, work: Work, command: RestoreBenefits) -> None:
        benefits.restore(work, command)

    @handles(users.ShopApproved, users.ShopSuspended)
    def follow_shops(self, work: Work, event: users.ShopApproved | users.ShopSuspended) -> None:
        suspended = isinstance(event, users.ShopSuspended)
        work.shops.hear(event.shop_id, suspended=suspended, version=event.version)

    @handles(catalog.ProductPublished, catalog.ProductChanged, catalog.ProductWithdrawn)
    def follow_catalog(self, work: Work, product: Any) -> None:
        prices.follow(work, product)

    @every(seconds=60)
    def end_campaigns(self) -> None:
        campaigns.end(self.work)
