"""Carts, and the quotes that are made of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.money import Money
from shared.shapes import identifier, text, whole


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


@dataclass(frozen=True, kw_only=True)
class Want:
    """So many pieces of a SKU, 1 to 9999."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Basket:
    """What a price is asked for, and where it would go: a province by name, or a code of the division list.

    `cart_version`: the version of the cart that the lines were read from. With it the quote can be ordered only
    while the cart is as it was; without it the quote belongs to no cart.
    """

    lines: tuple[Want, ...] = text(100)
    cart_version: int | None = whole(0, 2**63 - 1, default=None)
    coupon_ids: tuple[UUID, ...] = text(20, 0, default=())
    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A price that holds until `expires_at`, every amount with its reasons; `token` orders at it.

    Each line tells in `stock` whether it can be had now: `available` or `short`, and how many there are. It is
    null while catalog is away. A quote sets nothing aside.
    """

    quote_id: UUID
    expires_at: datetime
    token: str
    currency: str
    zone: str
    coupon_ids: tuple[UUID, ...]
    cart_version: int | None
    shops: tuple[Any, ...]
    total: Money
