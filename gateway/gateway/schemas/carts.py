"""Carts, and the quotes that are made of them."""

from dataclasses import dataclass
from uuid import UUID

from shared.money import Money
from shared.shapes import whole


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """So many pieces."""

    quantity: int = whole(1, 9999)


@dataclass(frozen=True, kw_only=True)
class SkuCard:
    """What a cart shows of a SKU."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    shop: str
    title: str
    options: str
    image: str | None
    price: Money
    available: int
    on_shelf: bool


@dataclass(frozen=True, kw_only=True)
class CartLine:
    """So many pieces of a SKU; `sku` is null where catalog does not know it, or is away."""

    sku_id: UUID
    quantity: int
    sku: SkuCard | None


@dataclass(frozen=True, kw_only=True)
class Cart:
    """A cart; a shopper's own has no id before something is in it. `version` grows when its lines change."""

    cart_id: UUID | None
    version: int
    lines: tuple[CartLine, ...]


@dataclass(frozen=True, kw_only=True)
class UnmergedLine:
    """A guest's line that found no room, and stays in the guest's cart."""

    sku_id: UUID
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MergedCart(Cart):
    """The shopper's cart after a merge, and what of the guest's did not fit."""

    not_merged: tuple[UnmergedLine, ...]


@dataclass(frozen=True, kw_only=True)
class GuestCartId:
    """The cart filled before signing in."""

    guest_cart_id: UUID
