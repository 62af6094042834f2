"""What marketing answers."""

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
    """Where a coupon is: a free one whose time is over is `expired`."""

    FREE = "free"
    HELD = "held"
    REDEEMED = "redeemed"
    EXPIRED = "expired"


class ShippingZone(StrEnum):
    """How far it is to send to a place."""

    STANDARD = "standard"
    REMOTE = "remote"


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A spend-and-save campaign, and how many of its coupons are claimed."""

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


@dataclass(frozen=True, kw_only=True)
class Coupon:
    """One person's coupon: spend `threshold` in the shop and save `discount`."""

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
    """One SKU: paid = subtotal - discount, for the whole quantity; discount = Σ allocations."""

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
    """What a shop charges for sending its goods: paid = subtotal - discount; discount = Σ allocations."""

    kind: Literal["shipping"] = tag("shipping")
    subtotal: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    why: tuple[AmountReason, ...]


@dataclass(frozen=True, kw_only=True)
class DiscountTerms:
    """What was taken off a shop's goods: `off`, since they reached `threshold` before any discount."""

    threshold: Money
    off: Money


@dataclass(frozen=True, kw_only=True)
class ShippingTerms:
    """A shop's fee; nothing once its goods after discount reach `free_from` (null: never)."""

    fee: Money
    free_from: Money | None


@dataclass(frozen=True, kw_only=True)
class ShopTerms:
    """The terms that a shop's part was priced by."""

    discounts: tuple[DiscountTerms, ...]
    shipping: ShippingTerms


@dataclass(frozen=True, kw_only=True)
class ShopQuote:
    """What one shop gets: total = goods - discount + shipping; becomes one order.

    `goods` and `discount` are of its goods' lines, `shipping` is what is paid for its line of shipping. `terms`
    are null where the price does not follow from them alone: the order is never priced again.
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
    """A price that holds until `expires_at`, every amount with its reasons; `token` orders at it."""

    quote_id: UUID
    expires_at: datetime
    token: str
    currency: str
    zone: ShippingZone
    benefits: tuple[Benefit, ...]
    cart_version: int | None
    shops: tuple[ShopQuote, ...]
    total: Money
