"""Spend-and-save campaigns: a shop issues coupons, limited in total and per shopper."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from marketing.texts import Text
from shared.errors import Conflict, Invalid, NotFound
from shared.money import Money

LARGEST = 10**12  # minor units


class CampaignNotFound(NotFound):
    """The campaign does not exist."""

    code = "campaign_not_found"


class CampaignInvalid(Invalid):
    """The campaign is not valid; `errors` maps each wrong field to what is wrong with it."""

    code = "campaign_invalid"


class CampaignNotOpen(Conflict):
    """The campaign has not started, or has ended."""

    code = "campaign_not_open"


class CampaignPaused(Conflict):
    """The shop has paused the campaign."""

    code = "campaign_paused"


class ShopSuspended(Conflict):
    """The shop is suspended, and so offers no coupons."""

    code = "shop_suspended"


class CouponsExhausted(Conflict):
    """All coupons of the campaign have been claimed."""

    code = "coupons_exhausted"


class CouponLimitReached(Conflict):
    """The account has claimed as many coupons of the campaign as one account may."""

    code = "coupon_limit_reached"


class CampaignState(StrEnum):
    """Whether coupons can be claimed, and if not, why."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    EXHAUSTED = "exhausted"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Usage:
    """How many coupons of a campaign are held for checkouts, and how many are redeemed."""

    held: int = 0
    redeemed: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """Spend `threshold` or more in the shop, save `discount`; 0 < discount ≤ threshold.

    A campaign's terms never change, so their version is always 1.
    """

    shop_id: UUID
    name: Text
    threshold: Money
    discount: Money
    version: int = 1


@dataclass(frozen=True, slots=True)
class Campaign:
    """Terms within [starts_at, ends_at), limited in total and per shopper; `claimed` coupons were issued."""

    campaign_id: UUID
    terms: Terms
    total_limit: int
    per_person_limit: int
    claimed: int
    starts_at: datetime
    ends_at: datetime
    paused: bool = False

    def check_valid(self, currency: str, at: datetime) -> None:
        """Raise CampaignInvalid unless it is valid in the platform's currency `currency` at the time `at`."""
        errors = {field: problem for field, (bad, problem) in self._problems(currency, at).items() if bad}
        if errors:
            raise CampaignInvalid(errors=errors)

    def _problems(self, currency: str, at: datetime) -> dict[str, tuple[bool, str]]:
        threshold, discount = self.terms.threshold, self.terms.discount
        return {
            "threshold": (
                threshold.currency != currency or not 0 < threshold.amount <= LARGEST,
                f"Must be between 1 and {LARGEST} minor units of {currency}.",
            ),
            "discount": (
                discount.currency != currency or not 0 < discount.amount <= threshold.amount,
                "Must be above zero and not above the threshold.",
            ),
            "per_person_limit": (self.per_person_limit > self.total_limit, "Must not be above the total limit."),
            "ends_at": (not max(self.starts_at, at) < self.ends_at, "Must be after the start, and in the future."),
        }

    def state_at(self, at: datetime) -> CampaignState:
        """Its state at the time `at`."""
        if at >= self.ends_at:
            return CampaignState.ENDED
        if self.paused:
            return CampaignState.PAUSED
        if at < self.starts_at:
            return CampaignState.SCHEDULED
        return CampaignState.EXHAUSTED if self.claimed >= self.total_limit else CampaignState.RUNNING

    def check_open(self, at: datetime) -> None:
        """Raise the reason if no coupon can be claimed at the time `at`.

        Raises CampaignNotOpen, CampaignPaused, CouponsExhausted.
        """
        if refusal := CLOSED.get(self.state_at(at)):
            raise refusal(campaign_id=str(self.campaign_id))

    def check_user_limit(self, had: int) -> None:
        """Raise CouponLimitReached for a shopper who has claimed `had` coupons of it."""
        if had >= self.per_person_limit:
            raise CouponLimitReached(campaign_id=str(self.campaign_id), limit=self.per_person_limit)


CLOSED: dict[CampaignState, type[Conflict]] = {
    CampaignState.SCHEDULED: CampaignNotOpen,
    CampaignState.EXHAUSTED: CouponsExhausted,
    CampaignState.PAUSED: CampaignPaused,
    CampaignState.ENDED: CampaignNotOpen,
}
