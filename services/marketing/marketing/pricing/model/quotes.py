"""A quote: what a basket costs, line by line, with a reason for every amount in it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marketing.pricing.model.discounts import Allocation
from marketing.pricing.model.reasons import Reason
from shared.money import Money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One SKU: paid = subtotal - discount, for the whole quantity; discount = Σ allocations."""

    kind: str
    sku_id: UUID
    product_id: UUID
    title: str
    options: str
    image: str | None
    category: str | None
    quantity: int
    unit_price: Money
    subtotal: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ShippingLine:
    """What a shop charges for sending its goods: paid = subtotal - discount; discount = Σ allocations."""

    kind: str
    subtotal: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """What was taken off a shop's goods: `off`, since they reached `threshold` before any discount."""

    threshold: Money
    off: Money


@dataclass(frozen=True, slots=True)
class ShippingTerms:
    """A shop's fee; nothing once its goods after discount reach `free_from` (None: never)."""

    fee: Money
    free_from: Money | None


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """The terms that a shop's part was priced by, frozen: what stays of the order may be priced by them again."""

    discounts: tuple[DiscountTerms, ...]
    shipping: ShippingTerms


@dataclass(frozen=True, slots=True)
class ShopQuote:
    """What one shop gets: total = goods - discount + shipping; becomes one order.

    `goods` and `discount` are of its goods' lines, `shipping` is what is paid for its line of shipping.
    """

    shop_id: UUID
    goods: Money
    discount: Money
    shipping: Money
    total: Money
    lines: tuple[QuoteLine, ...]
    shipping_line: ShippingLine
    why: tuple[Reason, ...]
    terms: ShopTerms | None


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole basket: total = Σ of the shops' totals, never below zero."""

    currency: str
    zone: str
    benefits: tuple[Any, ...]
    shops: tuple[ShopQuote, ...]
    total: Money
