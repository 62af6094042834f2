"""A quote: the price of a basket by line, with a reason for every amount."""

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
    """A shop's shipping fee: paid = subtotal - discount; discount = Σ allocations."""

    kind: str
    subtotal: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DiscountTerms:
    """A discount of `off` on a shop's goods, which reached `threshold` before any discount."""

    threshold: Money
    off: Money


@dataclass(frozen=True, slots=True)
class ShippingTerms:
    """A shop's fee; free once its goods after discount reach `free_from` (None: never)."""

    fee: Money
    free_from: Money | None


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """The terms that a shop's part was priced by, frozen so that a refund can reprice the remaining units."""

    discounts: tuple[DiscountTerms, ...]
    shipping: ShippingTerms


@dataclass(frozen=True, slots=True)
class ShopQuote:
    """One shop's part of a quote, which becomes one order: total = goods - discount + shipping.

    `goods` and `discount` are the sums of `lines`; `shipping` is the fee after its discount.
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
