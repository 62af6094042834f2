"""The commands that marketing handles, with their replies."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.erasure import EraseData
from shared.contracts.marketing.benefits import Benefit
from shared.contracts.marketing.events import (
    BenefitsHeld,
    BenefitsRedeemed,
    BenefitsRefused,
    BenefitsReleased,
    BenefitsRestored,
    BenefitsTransitionRefused,
    CouponHolderErased,
)
from shared.messages import Command


@dataclass(frozen=True, kw_only=True)
class HoldBenefits(
    Command,
    topic="marketing.hold_benefits.v1",
    key="checkout_id",
    yes=(BenefitsHeld,),
    no=(BenefitsRefused,),
):
    """Hold the shopper's benefits for a checkout, all or none."""

    checkout_id: UUID
    buyer_id: UUID
    benefits: tuple[Benefit, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseBenefits(
    Command,
    topic="marketing.release_benefits.v1",
    key="checkout_id",
    yes=(BenefitsReleased,),
    no=(BenefitsTransitionRefused,),
):
    """Release the benefits that a checkout holds; if there are none, prevent later holds (tombstone)."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class RedeemBenefits(
    Command,
    topic="marketing.redeem_benefits.v1",
    key="checkout_id",
    yes=(BenefitsRedeemed,),
    no=(BenefitsTransitionRefused,),
):
    """Redeem the benefits of a paid checkout."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class RestoreBenefits(
    Command,
    topic="marketing.restore_benefits.v1",
    key="checkout_id",
    yes=(BenefitsRestored,),
    no=(BenefitsTransitionRefused,),
):
    """Restore the benefits of a checkout whose orders were all cancelled before shipping."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class EraseCouponHolder(
    EraseData, topic="marketing.erase_coupon_holder.v1", key="user_id", yes=(CouponHolderErased,)
):
    """Erase the personal data of a person; coupons are kept under the person's id."""
