"""The kinds of benefits that checkouts may use, each registered here; rows are locked in this order."""

from typing import Any

from marketing.coupons.kind import CouponKind

KINDS: list[type[Any]] = [CouponKind]
