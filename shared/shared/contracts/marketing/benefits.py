"""What a shopper may use at a checkout beside money, and who bears what it takes off."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from shared.money import Money
from shared.shapes import tag


@dataclass(frozen=True, kw_only=True)
class CouponBenefit:
    """One of the shopper's own coupons."""

    kind: Literal["coupon"] = tag("coupon")
    coupon_id: UUID


# A tagged union: a new kind joins with `|`. Who passes benefits on names no kind.
Benefit: TypeAlias = CouponBenefit


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The part of a discount that falls to one line: `shop` and `platform` bear so much of it.

    `source` is the stable code that its reason has too; `source_id` with `terms_version` names the terms.
    """

    source: str
    source_id: UUID
    terms_version: int
    shop: Money
    platform: Money
