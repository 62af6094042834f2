"""The messages of marketing about benefits (coupons, later points)."""

from shared.contracts.marketing.benefits import Allocation, Benefit, CouponBenefit
from shared.contracts.marketing.commands import (
    EraseCouponHolder,
    HoldBenefits,
    RedeemBenefits,
    ReleaseBenefits,
    RestoreBenefits,
)
from shared.contracts.marketing.events import (
    BenefitsHeld,
    BenefitsRedeemed,
    BenefitsRefusal,
    BenefitsRefused,
    BenefitsReleased,
    BenefitsRestored,
    BenefitsTransitionRefusal,
    BenefitsTransitionRefused,
    CouponHolderErased,
    CouponIssued,
)

__all__ = [
    "Allocation",
    "Benefit",
    "BenefitsHeld",
    "BenefitsRedeemed",
    "BenefitsRefusal",
    "BenefitsRefused",
    "BenefitsReleased",
    "BenefitsRestored",
    "BenefitsTransitionRefusal",
    "BenefitsTransitionRefused",
    "CouponBenefit",
    "CouponHolderErased",
    "CouponIssued",
    "EraseCouponHolder",
    "HoldBenefits",
    "RedeemBenefits",
    "ReleaseBenefits",
    "RestoreBenefits",
]
