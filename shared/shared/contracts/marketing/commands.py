"""What marketing may be told to do, and how each command is answered."""

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
    """Set what the shopper uses aside for a checkout, all or none."""

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
    """Let go what a checkout holds; if it holds nothing, see to it that it never will (tombstone)."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class RedeemBenefits(
    Command,
    topic="marketing.redeem_benefits.v1",
    key="checkout_id",
    yes=(BenefitsRedeemed,),
    no=(BenefitsTransitionRefused,),
):
    """The checkout is paid: its benefits are used up."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class RestoreBenefits(
    Command,
    topic="marketing.restore_benefits.v1",
    key="checkout_id",
    yes=(BenefitsRestored,),
    no=(BenefitsTransitionRefused,),
):
    """Every order of the checkout was cancelled before shipping: give its benefits back."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class EraseCouponHolder(
    EraseData, topic="marketing.erase_coupon_holder.v1", key="user_id", yes=(CouponHolderErased,)
):
    """Erase what is held of a person; coupons stay, under the person's id."""
