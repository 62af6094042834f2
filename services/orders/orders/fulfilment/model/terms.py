"""The terms an order was priced by, frozen when it was placed; the price of goods by them, and reasons."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Policy(StrEnum):
    """What a refund before shipping pays: shares fixed with the order, or less where what stays costs more."""

    FROZEN_SHARES = "frozen_shares"
    REPRICE_BEFORE_SHIPPING = "reprice_before_shipping"


@dataclass(frozen=True, kw_only=True)
class Discount:
    """From goods worth `threshold` on: `off` minor units, and `percent` of the goods, rounded down."""

    threshold: int
    off: int = 0
    percent: int = 0

    def saved(self, goods: int) -> int:
        """What it takes off goods worth `goods`."""
        return self.off + goods * self.percent // 100 if goods >= self.threshold else 0


@dataclass(frozen=True, kw_only=True)
class Shipping:
    """A fee, and what goods after discount must be worth to be sent for nothing (None: never)."""

    fee: int
    free_from: int | None = None

    def due(self, goods: int) -> int:
        """The fee for goods that cost `goods` after discount."""
        return 0 if self.free_from is not None and self.free_from <= goods else self.fee


@dataclass(frozen=True, kw_only=True)
class Price:
    """What goods cost after discount, and their shipping."""

    goods: int
    shipping: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a quote was made by; amounts in minor units of its currency."""

    shipping: Shipping
    discounts: tuple[Discount, ...] = ()

    def price(self, goods: int) -> Price:
        """What goods worth `goods` by list price cost by these terms; never below zero."""
        after = max(0, goods - sum(discount.saved(goods) for discount in self.discounts))
        return Price(goods=after, shipping=self.shipping.due(after))


@dataclass(frozen=True, kw_only=True)
class Why:
    """One reason for a price: a stable code, its text in each language, and the amount it makes."""

    code: str
    text: dict[str, str]
    amount: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """The part of a discount that falls to one line, in minor units: `shop` and `platform` bear so much of it.

    `source` is the stable code that its reason has too; `source_id` with `terms_version` names the terms.
    """

    source: str
    source_id: UUID
    terms_version: int
    shop: int
    platform: int
