"""The public interface of this module for the other modules of marketing."""

from marketing.benefits.model.benefits import HoldRefusal
from marketing.benefits.model.kinds import BenefitKind, Kinds

__all__ = ["BenefitKind", "HoldRefusal", "Kinds"]
