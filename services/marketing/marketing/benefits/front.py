"""What other modules of marketing may use."""

from marketing.benefits.model.benefits import HoldRefusal
from marketing.benefits.model.kinds import BenefitKind, Kinds

__all__ = ["BenefitKind", "HoldRefusal", "Kinds"]
