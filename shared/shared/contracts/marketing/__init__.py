"""What marketing says of benefits (coupons, later points), and what it may be told to do."""

from shared.contracts.marketing.benefits import Allocation, Benefit, CouponBenefit
from shared.contracts.marketing.commands import HoldBenefits, RedeemBenefits, ReleaseBenefits, RestoreBenefits
from shared.contracts.marketing.events import (
    BenefitsHeld,
    BenefitsMoveRefusal,
    BenefitsMoveRefused,
    BenefitsRedeemed,
    BenefitsRefusal,
    BenefitsRefused,
    BenefitsReleased,
    BenefitsRestored,
    CouponIssued,
)

__all__ = [
    "Allocation",
    "Benefit",
    "BenefitsHeld",
    "BenefitsMoveRefusal",
    "BenefitsMoveRefused",
    "BenefitsRedeemed",
    "BenefitsRefusal",
    "BenefitsRefused",
    "BenefitsReleased",
    "BenefitsRestored",
    "CouponBenefit",
    "CouponIssued",
    "HoldBenefits",
    "RedeemBenefits",
    "ReleaseBenefits",
    "RestoreBenefits",
]
