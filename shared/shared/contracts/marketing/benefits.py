"""Benefits that a shopper can use at a checkout, and how their discounts are allocated."""

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


# A tagged union: add a new kind with `|`. Code that only passes benefits on does not depend on the kinds.
Benefit: TypeAlias = CouponBenefit


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The share of a discount that is allocated to a line: the amounts that `shop` and `platform` bear.

    `source` is a stable code, the same as that of its reason; `source_id` and `terms_version` identify the terms.
    """

    source: str
    source_id: UUID
    terms_version: int
    shop: Money
    platform: Money
