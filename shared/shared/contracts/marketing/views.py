"""The answers of marketing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shared.contracts.marketing.benefits import Allocation, Benefit
from shared.contracts.texts import AmountReason, BilingualName
from shared.money import Money
from shared.shapes import tag


class CouponState(StrEnum):
    """The state of a coupon: a free one after its end is `expired`."""

    FREE = "free"
    HELD = "held"
    REDEEMED = "redeemed"
    EXPIRED = "expired"


class ShippingZone(StrEnum):
    """The zone of a destination, by which shipping fees differ."""

    STANDARD = "standard"
    REMOTE = "remote"


class CampaignState(StrEnum):
    """Whether coupons can be claimed: only of a `running` one. Claimed coupons stay valid while it is `paused`."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    EXHAUSTED = "exhausted"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A spend-and-save campaign, its present state, and the number of its claimed coupons."""

    campaign_id: UUID
    shop_id: UUID
    name: BilingualName
    threshold: Money
    discount: Money
    total_limit: int
    per_person_limit: int
    claimed: int
    starts_at: datetime
    ends_at: datetime
    state: CampaignState


@dataclass(frozen=True, kw_only=True)
class ShopCampaign(Campaign):
    """A campaign with its figures: coupons held for checkouts, redeemed ones, and what these saved."""

    held: int
    redeemed: int
    given: Money


@dataclass(frozen=True, kw_only=True)
class Coupon:
    """A shopper's coupon: spend `threshold` in the shop and save `discount`."""

    coupon_id: UUID
    campaign_id: UUID
    state: CouponState
    expires_at: datetime
    shop_id: UUID
    name: BilingualName
    threshold: Money
    discount: Money


@dataclass(frozen=True, kw_only=True)
class QuoteLine:
    """A line for a SKU: paid = subtotal - discount, for the whole quantity; discount = Σ allocations."""

    kind: Literal["goods"] = tag("goods")
    sku_id: UUID
    product_id: UUID
    title: str
    options: str
    image: str | None
    category: str | None
    quantity: int
    unit_price: Money
    subtotal: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    why: tuple[AmountReason, ...]


@dataclass(frozen=True, kw_only=True)
class ShippingLine:
    """What a shop charges for shipping: paid = subtotal - discount; discount = Σ allocations."""

    kind: Literal["shipping"] = tag("shipping")
    subtotal: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    why: tuple[AmountReason, ...]


@dataclass(frozen=True, kw_only=True)
class DiscountTerms:
    """A discount on a shop's items: `off`, since their list prices reached `threshold`."""

    threshold: Money
    off: Money


@dataclass(frozen=True, kw_only=True)
class ShippingTerms:
    """A shop's shipping fee; none if its items after discount reach `free_from` (null: never)."""

    fee: Money
    free_from: Money | None


@dataclass(frozen=True, kw_only=True)
class ShopTerms:
    """The terms by which a shop's part was priced."""

    discounts: tuple[DiscountTerms, ...]
    shipping: ShippingTerms


@dataclass(frozen=True, kw_only=True)
class ShopQuote:
    """The part of one shop, which becomes an order: total = goods - discount + shipping.

    `goods` and `discount` are the sums of its item lines, `shipping` is the paid amount of its shipping line.
    `terms` is null if the price does not follow from terms alone: then refunds do not price the order again.
    """

    shop_id: UUID
    goods: Money
    discount: Money
    shipping: Money
    total: Money
    lines: tuple[QuoteLine, ...]
    shipping_line: ShippingLine
    why: tuple[AmountReason, ...]
    terms: ShopTerms | None


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A price that is valid until `expires_at`, with the reasons of all amounts; order at it with `token`."""

    quote_id: UUID
    expires_at: datetime
    token: str
    currency: str
    zone: ShippingZone
    benefits: tuple[Benefit, ...]
    cart_version: int | None
    shops: tuple[ShopQuote, ...]
    total: Money
