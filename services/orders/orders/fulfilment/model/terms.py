"""The terms that an order was priced by, frozen when it was placed, and prices by them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Policy(StrEnum):
    """What a refund before shipping pays: the frozen shares, or less if the remaining units then cost more."""

    FROZEN_SHARES = "frozen_shares"
    REPRICE_BEFORE_SHIPPING = "reprice_before_shipping"


@dataclass(frozen=True, kw_only=True)
class Discount:
    """On goods of at least `threshold`: `off` minor units and `percent` of the goods, rounded down."""

    threshold: int
    off: int = 0
    percent: int = 0

    def saved(self, goods: int) -> int:
        """The discount on `goods`, in minor units."""
        return self.off + goods * self.percent // 100 if goods >= self.threshold else 0


@dataclass(frozen=True, kw_only=True)
class Shipping:
    """A fee, and from which amount of discounted goods it is free (None: never), in minor units."""

    fee: int
    free_from: int | None = None

    def due(self, goods: int) -> int:
        """The fee for `goods`, the amount after discount."""
        return 0 if self.free_from is not None and self.free_from <= goods else self.fee


@dataclass(frozen=True, kw_only=True)
class Price:
    """The price of goods after discount, and of their shipping, in minor units."""

    goods: int
    shipping: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of a quote; amounts in minor units of its currency."""

    shipping: Shipping
    discounts: tuple[Discount, ...] = ()

    def price(self, goods: int) -> Price:
        """The price by these terms of `goods`, the amount by list price; never below zero."""
        after = max(0, goods - sum(discount.saved(goods) for discount in self.discounts))
        return Price(goods=after, shipping=self.shipping.due(after))


@dataclass(frozen=True, kw_only=True)
class Why:
    """One reason for an amount: a stable code, its text in each language, and its part of the amount."""

    code: str
    text: dict[str, str]
    amount: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """A line's part of a discount, in minor units, split into what `shop` and `platform` bear.

    `source` is the stable code of its reason; `source_id` and `terms_version` identify the terms.
    """

    source: str
    source_id: UUID
    terms_version: int
    shop: int
    platform: int
