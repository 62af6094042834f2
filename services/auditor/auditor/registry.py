"""All invariants, in the order in which they are reported."""

from auditor import stock
from auditor.checks import Check

CHECKS: list[Check] = [*stock.CHECKS]
