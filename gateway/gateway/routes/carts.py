"""Carts: a shopper's own, and a guest's, whose id is its key."""

from collections.abc import Callable
from functools import partial
from typing import Any

from gateway import composed, composing
from gateway.limits import Limit
from gateway.route import Route, delete, get, post, put, tagged
from shared.contracts.orders import requests as o
from shared.requests import Request

LINE = "/cart/lines/{sku_id:uuid}"
GUEST = "/guest-carts/{cart_id:uuid}"
GUEST_LINE = GUEST + "/lines/{sku_id:uuid}"
GUESTS = {"status": 201, "limits": (Limit.REQUESTS, Limit.GUEST_CARTS, Limit.ALL_GUEST_CARTS)}


def cart(make: Callable[..., Route], path: str, request: type[Request], summary: str, **more: Any) -> Route:
    """A route that returns a cart, its lines joined with their SKUs from catalog."""
    joined = {"compose": partial(composing.cart, request.contract.method), "joins": ("catalog.get_skus",)}
    return make(path, request, summary, **{"answers": composed.Cart, **joined, **more})


ROUTES = tagged(
    "Carts",
    cart(get, "/cart", o.GetCart, "Show my cart"),
    cart(put, LINE, o.PutCartLine, "Set the quantity of a cart line"),
    cart(delete, LINE, o.RemoveCartLine, "Remove a cart line"),
    cart(post, "/cart/merge", o.MergeCart, "Merge a guest's cart into my cart", answers=composed.MergedCart),
    cart(post, "/guest-carts", o.CreateGuestCart, "Create a cart without an account", **GUESTS),
    cart(get, GUEST, o.GetGuestCart, "Show a guest's cart"),
    cart(put, GUEST_LINE, o.PutGuestCartLine, "Set the quantity of a line of a guest's cart"),
    cart(delete, GUEST_LINE, o.RemoveGuestCartLine, "Remove a line of a guest's cart"),
)
