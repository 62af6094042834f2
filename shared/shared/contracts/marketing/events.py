"""The events of marketing."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.erasure import DataErased
from shared.contracts.marketing.benefits import Benefit
from shared.messages import Event


class BenefitsRefusal(StrEnum):
    """Why a benefit could not be held."""

    BENEFIT_TAKEN = "benefit_taken"
    BENEFIT_EXPIRED = "benefit_expired"
    BENEFIT_NOT_FOUND = "benefit_not_found"
    TOO_LATE = "too_late"
    RELEASED = "released"


class BenefitsTransitionRefusal(StrEnum):
    """Why benefits could not be redeemed, restored or released."""

    NOTHING_HELD = "nothing_held"
    NOT_REDEEMED = "not_redeemed"
    ALREADY_REDEEMED = "already_redeemed"


@dataclass(frozen=True, kw_only=True)
class CouponIssued(Event, topic="marketing.coupon_issued.v1", key="coupon_id", outside=True):
    """A coupon of a campaign was issued to a shopper."""

    coupon_id: UUID
    campaign_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class BenefitsHeld(Event, topic="marketing.benefits_held.v1", key="checkout_id"):
    """The checkout's benefits are held for it."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class BenefitsRefused(Event, topic="marketing.benefits_refused.v1", key="checkout_id"):
    """No benefit was held; `benefits` are those that could not be."""

    checkout_id: UUID
    reason: BenefitsRefusal
    benefits: tuple[Benefit, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class BenefitsReleased(Event, topic="marketing.benefits_released.v1", key="checkout_id"):
    """The checkout holds no benefits any more, and cannot hold any later."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class BenefitsRedeemed(Event, topic="marketing.benefits_redeemed.v1", key="checkout_id"):
    """The checkout's benefits are redeemed."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class BenefitsRestored(Event, topic="marketing.benefits_restored.v1", key="checkout_id"):
    """The benefits of a completely cancelled checkout can be used again."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class BenefitsTransitionRefused(Event, topic="marketing.benefits_transition_refused.v1", key="checkout_id"):
    """The benefits are unchanged, since their state does not allow it. A repeated command is checked again."""

    checkout_id: UUID
    reason: BenefitsTransitionRefusal


@dataclass(frozen=True, kw_only=True)
class CouponHolderErased(DataErased, topic="marketing.coupon_holder_erased.v1", key="user_id"):
    """Marketing stores no personal data of the person any more; `rows` is the number of erased rows."""
