"""All invariants, in the order in which they are reported."""

from auditor import delivery, sagas, stock
from auditor.checks import Check

CHECKS: list[Check] = [*stock.CHECKS, *sagas.CHECKS, *delivery.CHECKS]
