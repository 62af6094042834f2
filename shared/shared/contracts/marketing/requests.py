"""The requests that marketing answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.marketing.benefits import Benefit
from shared.contracts.marketing.views import Campaign, Coupon, Quote, ShippingTerms, ShopCampaign
from shared.contracts.pages import ListRequest, Page
from shared.contracts.texts import BilingualName
from shared.money import Money
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier, text, timestamp, whole


@dataclass(frozen=True, kw_only=True)
class BasketLine:
    """A quantity of a SKU, 1 to 9999."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True)
class RequestQuote(Request, answer=Quote, permission=Permission.QUOTES_REQUEST):
    """Quote a basket: a price with its reasons, valid for 15 minutes.

    The destination is a province by name, or a code of the division list.
    `cart_version`: the version of the cart that the lines were read from. With it the quote can be ordered only
    while the cart is unchanged; without it the quote belongs to no cart. `benefits`: those that the buyer uses.
    """

    lines: tuple[BasketLine, ...] = text(100)
    cart_version: int | None = whole(0, 2**63 - 1, default=None)
    benefits: tuple[Benefit, ...] = text(20, 0, default=())
    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")


@dataclass(frozen=True, kw_only=True)
class GetShippingTerms(Request, answer=ShippingTerms, permission=Permission.PUBLIC):
    """Show what a shop's parcel to a place costs: a province by name, or a code of the division list."""

    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")


@dataclass(frozen=True, kw_only=True)
class ListCampaigns(ListRequest, answer=Page[Campaign], permission=Permission.PUBLIC):
    """List the current campaigns of one shop or of all."""

    shop_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ListMyCoupons(ListRequest, answer=Page[Coupon], permission=Permission.COUPONS_OWN):
    """List the caller's coupons, newest first."""


@dataclass(frozen=True, kw_only=True)
class ClaimCoupon(Request, answer=Coupon, permission=Permission.COUPONS_OWN, keyed=True, switch="coupons"):
    """Claim a coupon of a campaign, within its limits."""

    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListShopCampaigns(
    ListRequest,
    answer=Page[ShopCampaign],
    permission=Permission.COUPONS_MANAGE,
    audit="campaign.list",
    reads=True,
):
    """List all campaigns of a shop with their figures, newest first."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class GetShopCampaign(
    Request, answer=ShopCampaign, permission=Permission.COUPONS_MANAGE, audit="campaign.read", reads=True
):
    """Show a campaign of a shop with its figures."""

    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class PauseCampaign(Request, answer=ShopCampaign, permission=Permission.COUPONS_MANAGE, audit="campaign.pause"):
    """Pause a campaign: no coupons can be claimed; claimed ones stay valid."""

    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResumeCampaign(Request, answer=ShopCampaign, permission=Permission.COUPONS_MANAGE, audit="campaign.resume"):
    """Resume a paused campaign."""

    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class CreateCampaign(
    Request,
    answer=Campaign,
    permission=Permission.COUPONS_MANAGE,
    keyed=True,
    audit="campaign.create",
    switch="coupons",
):
    """Create a campaign: spend `threshold` in the shop and save `discount`."""

    shop_id: UUID
    name: BilingualName
    threshold: Money
    discount: Money
    total_limit: int = whole(1, 10_000_000)
    per_person_limit: int = whole(1, 1000)
    starts_at: datetime = timestamp()
    ends_at: datetime = timestamp()
