"""All invariants, in the order in which they are reported."""

from auditor import coupons, delivery, ledger, lines, money, privacy, sagas, stock, sums
from auditor.checks import Check

CHECKS: list[Check] = [
    *stock.CHECKS,
    *ledger.CHECKS,
    *money.CHECKS,
    *lines.CHECKS,
    *sums.CHECKS,
    *coupons.CHECKS,
    *sagas.CHECKS,
    *privacy.CHECKS,
    *delivery.CHECKS,
]
