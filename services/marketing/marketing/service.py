"""The shell of marketing: what it is asked, what it obeys, and what it listens to."""

from typing import Any

from marketing import queries, schemas, tokens
from marketing.auditing import AuditDoors
from marketing.retention import RULES
from marketing.use_cases import benefits, campaigns, prices
from marketing.work import Work
from shared import shapes
from shared.audited import Audited
from shared.auth import Caller, Role
from shared.contracts import catalog, users
from shared.contracts.marketing import HoldBenefits, RedeemBenefits, ReleaseBenefits, RestoreBenefits
from shared.db import Database
from shared.entrypoints import every, handles, rpc
from shared.operated import Operated
from shared.retained import Retention


class MarketingService(AuditDoors, Operated, Audited):
    """Prices as a buyer sees them, campaigns and coupons."""

    name = "marketing"
    secrets = (tokens.read_key,)

    work = Database(Work)
    retention = Retention(RULES)

    @rpc(allow=Role.SHOPPER)
    def quote(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return queries.quote(work, caller, shapes.load(schemas.QuoteRequest, request))

    @rpc(allow=Role.ANYONE)
    def list_campaigns(self, _caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return queries.list_campaigns(work, shapes.load(schemas.OpenCampaigns, request))

    @rpc(allow=Role.SHOPPER)
    def claim_coupon(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return campaigns.claim_coupon(work, caller, shapes.load(schemas.Claim, request))

    @rpc(allow=Role.SHOPPER)
    def my_coupons(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return queries.my_coupons(work, caller, shapes.load(schemas.Page, request))

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="campaign.create")
    def create_campaign(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return campaigns.create_campaign(work, caller, shapes.load(schemas.NewCampaign, request))

    @rpc(allow=(Role.MERCHANT, Role.OPERATOR), noted="campaign.list", reads=True)
    def shop_campaigns(self, caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
        with self.work() as work:
            return queries.shop_campaigns(work, caller, shapes.load(schemas.ShopCampaigns, request))

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
