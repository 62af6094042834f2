"""Carts as contract views."""

from collections.abc import Mapping
from uuid import UUID

from shared.contracts.orders import codes, views


def cart(cart_id: UUID | None, version: int, lines: Mapping[UUID, int]) -> views.Cart:
    """A cart and its lines, in the order they were added."""
    shown = tuple(views.CartLine(sku_id=sku_id, quantity=quantity) for sku_id, quantity in lines.items())
    return views.Cart(cart_id=cart_id, version=version, lines=shown)


def merged_cart(own: views.Cart, rest: Mapping[UUID, int]) -> views.MergedCart:
    """The shopper's cart after a merge, and the guest's lines that did not fit in it."""
    full = codes.MergeRefusal.CART_FULL
    not_merged = tuple(views.UnmergedLine(sku_id=sku_id, quantity=n, reason=full) for sku_id, n in rest.items())
    return views.MergedCart(**vars(own), not_merged=not_merged)
