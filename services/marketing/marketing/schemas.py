"""The shapes of what marketing is asked over RPC. What does not fit is refused with the field's path."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marketing.domain.campaigns import Campaign, Terms
from marketing.domain.pricing import Want
from marketing.domain.texts import Text
from shared import places
from shared.ids import new_id
from shared.money import Money
from shared.places import Place
from shared.shapes import identifier, raw, text, timestamp, whole


@dataclass(frozen=True, kw_only=True)
class QuoteRequest:
    """A basket to be priced; the range of quantities is a rule of pricing.

    `cart_version`: the version of the cart that the lines were read from; None binds the quote to no cart.
    """

    lines: tuple[Want, ...] = text(100)
    cart_version: int | None = whole(0, 2**63 - 1, default=None)
    coupon_ids: tuple[UUID, ...] = text(20, 0, default=())
    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")

    def place(self) -> Place:
        """Where it would go. Raises as `places.find_province` does."""
        return places.find_province(country=self.country, division_code=self.division_code, province=self.province)


@dataclass(frozen=True, kw_only=True)
class Name:
    """What a campaign is called, in both languages."""

    zh: str = text(60)
    en: str = text(60)


@dataclass(frozen=True, kw_only=True)
class NewCampaign:
    """A spend-and-save campaign to be offered."""

    shop_id: UUID
    name: Name
    threshold: Money
    discount: Money
    total_limit: int = whole(1, 10_000_000)
    per_person_limit: int = whole(1, 1000)
    starts_at: datetime = timestamp()
    ends_at: datetime = timestamp()
    idempotency_key: str | None = raw(255, default=None)

    def campaign(self) -> Campaign:
        """The campaign itself, under a new id; nobody has claimed a coupon yet."""
        return Campaign(
            campaign_id=new_id(),
            terms=Terms(self.shop_id, Text(self.name.zh, self.name.en), self.threshold, self.discount),
            total_limit=self.total_limit,
            per_person_limit=self.per_person_limit,
            claimed=0,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A coupon of this campaign, please."""

    campaign_id: UUID
    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class Page:
    """`limit` items of a list, those after `cursor`."""

    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class OpenCampaigns(Page):
    """Campaigns open now: of one shop, or of all."""

    shop_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ShopCampaigns(Page):
    """All campaigns of a shop."""

    shop_id: UUID
