"""A quote: what a basket costs, line by line, with a reason for every amount in it."""

from dataclasses import dataclass
from uuid import UUID

from marketing.pricing.model.reasons import Reason
from shared.money import Money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One SKU: paid = subtotal - discount, for the whole quantity."""

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
    """What one shop gets: total = goods - discount + shipping; becomes one order."""

    shop_id: UUID
    goods: Money
    discount: Money
    shipping: Money
    total: Money
    lines: tuple[QuoteLine, ...]
    why: tuple[Reason, ...]
    terms: ShopTerms


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole basket: total = Σ of the shops' totals, never below zero."""

    currency: str
    zone: str
    coupon_ids: tuple[UUID, ...]
    shops: tuple[ShopQuote, ...]
    total: Money
