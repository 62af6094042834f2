"""The quote token: what marketing promised to a buyer, signed, and what of it orders relies on."""

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
    """The quote's price no longer holds; ask for a new one."""

    code = "quote_expired"


class QuoteBuyerDifferent(Conflict):
    """The quote was made for another buyer."""

    code = "quote_buyer_different"


class QuoteZoneDifferent(Conflict):
    """The quote was made for another shipping zone than the address lies in."""

    code = "quote_zone_different"


class CartChanged(Conflict):
    """The cart has changed since the quote was made from it; ask for a new one."""

    code = "cart_changed"


class QuoteUsed(Conflict):
    """The quote was ordered already, in another way; `differs` names what, `checkout_id` the checkout."""

    code = "quote_used"


@dataclass(frozen=True, kw_only=True)
class QuotedLine:
    """A line as it was quoted; amounts are minor units of the quote's currency."""

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
    """The line of shipping, `paid` after its allocations."""

    paid: int
    allocations: tuple[Allocation, ...]


@dataclass(frozen=True, kw_only=True)
class QuotedShop:
    """One shop's part of the quote: it becomes one order."""

    shop_id: UUID
    goods: int
    discount: int
    shipping: int
    total: int
    lines: list[QuotedLine]
    shipping_line: QuotedShipping
    terms: Terms | None = None  # none where the price does not follow from thresholds alone


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Everything a checkout is made from. `cart_version`: the cart it was made from, None for none."""

    quote_id: UUID
    buyer_id: UUID
    currency: str
    zone: str
    benefits: tuple[Benefit, ...]
    total: int
    shops: list[QuotedShop]
    cart_version: int | None = None

    def bought(self) -> dict[UUID, int]:
        """Pieces by SKU."""
        pieces: Counter[UUID] = Counter()
        for line in (line for shop in self.shops for line in shop.lines):
            pieces[line.sku_id] += line.quantity
        return dict(pieces)

    def made_from(self, cart_version: int) -> None:
        """Raise CartChanged when it was made from another state of the cart."""
        if self.cart_version not in (None, cart_version):
            raise CartChanged(quoted=self.cart_version, version=cart_version)

    def meant_for(self, buyer_id: UUID, zone: str) -> None:
        """Raise QuoteBuyerDifferent or QuoteZoneDifferent when it was made for another buyer or place."""
        if buyer_id != self.buyer_id:
            raise QuoteBuyerDifferent
        if zone != self.zone:
            raise QuoteZoneDifferent(quoted=self.zone, zone=zone)
