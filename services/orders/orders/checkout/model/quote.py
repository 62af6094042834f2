"""A quote, as orders reads it from the token signed by marketing."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from orders.fulfilment.front import Allocation, Terms, Why
from shared.contracts.marketing import Benefit
from shared.errors import Conflict, Invalid


class ForgedQuote(Invalid):
    """The quote token was not issued by this platform."""

    code = "quote_invalid"


class ExpiredQuote(Conflict):
    """The quote has expired; request a new one."""

    code = "quote_expired"


class QuoteBuyerDifferent(Conflict):
    """The quote was made for another buyer."""

    code = "quote_buyer_different"


class QuoteZoneDifferent(Conflict):
    """The quote was made for another shipping zone than the address is in."""

    code = "quote_zone_different"


class CartChanged(Conflict):
    """The cart has changed since the quote was made; request a new one."""

    code = "cart_changed"


class QuoteUsed(Conflict):
    """The quote was ordered before with other data; `differs` lists the fields, `checkout_id` the checkout."""

    code = "quote_used"


@dataclass(frozen=True, kw_only=True)
class QuotedLine:
    """A quoted line; amounts are minor units of the quote's currency."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: str
    quantity: int
    unit_price: int
    subtotal: int
    discount: int
    paid: int
    allocations: tuple[Allocation, ...]
    why: list[Why]
    image: str | None = None
    category: str | None = None  # of the product: its path in the category tree


@dataclass(frozen=True, kw_only=True)
class QuotedShipping:
    """The shipping line; `paid` is the fee after its allocations."""

    paid: int
    allocations: tuple[Allocation, ...]


@dataclass(frozen=True, kw_only=True)
class QuotedShop:
    """One shop's part of the quote, which becomes one order."""

    shop_id: UUID
    goods: int
    discount: int
    shipping: int
    total: int
    lines: list[QuotedLine]
    shipping_line: QuotedShipping
    terms: Terms | None = None  # None if the price does not follow from thresholds alone


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A quote. `cart_version` is that of the cart it was made from, None if it was not made from a cart."""

    quote_id: UUID
    buyer_id: UUID
    currency: str
    zone: str
    benefits: tuple[Benefit, ...]
    total: int
    shops: list[QuotedShop]
    cart_version: int | None = None

    def bought(self) -> dict[UUID, int]:
        """Quantities by SKU."""
        quantities: Counter[UUID] = Counter()
        for line in (line for shop in self.shops for line in shop.lines):
            quantities[line.sku_id] += line.quantity
        return dict(quantities)

    def check_cart(self, cart_version: int) -> None:
        """Raise CartChanged if the quote was made from another version of the cart."""
        if self.cart_version not in (None, cart_version):
            raise CartChanged(quoted=self.cart_version, version=cart_version)

    def check_buyer(self, buyer_id: UUID, zone: str) -> None:
        """Raise QuoteBuyerDifferent or QuoteZoneDifferent if the quote is for another buyer or zone."""
        if buyer_id != self.buyer_id:
            raise QuoteBuyerDifferent
        if zone != self.zone:
            raise QuoteZoneDifferent(quoted=self.zone, zone=zone)
