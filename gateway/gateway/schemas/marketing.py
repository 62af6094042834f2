"""Coupons and the campaigns that give them out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.schemas.lists import Page
from shared.money import Money
from shared.shapes import text, timestamp, whole


@dataclass(frozen=True, kw_only=True)
class TwoLanguages:
    """A text in Simplified Chinese and in English."""

    zh: str = text(60)
    en: str = text(60)


@dataclass(frozen=True, kw_only=True)
class NewCampaign:
    """Spend `threshold` in the shop and save `discount`."""

    shop_id: UUID
    name: TwoLanguages
    threshold: Money
    discount: Money
    total_limit: int = whole(1, 10_000_000)
    per_person_limit: int = whole(1, 1000)
    starts_at: datetime = timestamp()
    ends_at: datetime = timestamp()


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign and how many of its coupons are claimed."""

    campaign_id: UUID
    shop_id: UUID
    name: TwoLanguages
    threshold: Money
    discount: Money
    total_limit: int
    per_person_limit: int
    claimed: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Coupon:
    """One person's coupon: `free`, `held`, `redeemed` or `expired`."""

    coupon_id: UUID
    campaign_id: UUID
    state: str
    expires_at: datetime
    shop_id: UUID
    name: TwoLanguages
    threshold: Money
    discount: Money


@dataclass(frozen=True, kw_only=True)
class CampaignSearch(Page):
    """Campaigns open now: of one shop, or of all."""

    shop_id: UUID | None = None
