"""A quote: what a basket costs, line by line, with a reason for every amount in it."""

from dataclasses import dataclass
from uuid import UUID

from marketing.domain.reasons import Reason
from shared.money import Money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One SKU: paid = subtotal - discount, for the whole quantity."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: str
    image: str | None
    quantity: int
    unit_price: Money
    subtotal: Money
    discount: Money
    paid: Money
    why: tuple[Reason, ...]


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


@dataclass(frozen=True, slots=True)
class Quote:
    """The whole basket: total = Σ of the shops' totals, never below zero."""

    currency: str
    zone: str
    coupon_ids: tuple[UUID, ...]
    shops: tuple[ShopQuote, ...]
    total: Money
