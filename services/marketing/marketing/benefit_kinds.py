"""The registered kinds of benefits; their rows are locked in this order."""

from typing import Any

from marketing.coupons.kind import CouponKind

KINDS: list[type[Any]] = [CouponKind]
