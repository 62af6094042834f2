"""Carts: a shopper's own, and a guest's, whose id is its key."""

from functools import partial
from typing import Any

from gateway import composing, route
from gateway.limits import Limit
from gateway.route import SHOPPER, Route, tagged
from gateway.schemas.carts import Cart, GuestCartId, MergedCart, Quantity

LINE = "/cart/lines/{sku_id:uuid}"
GUEST = "/guest-carts/{cart_id:uuid}"
MERGE = {"body": GuestCartId, "answers": MergedCart}
GUEST_LINE = GUEST + "/lines/{sku_id:uuid}"


def cart(make: Any, path: str, asks: str, summary: str, **more: Any) -> Route:
    """A route that answers a cart, its lines joined with what catalog knows of their SKUs."""
    composed = {"compose": partial(composing.cart, asks), "joins": ("catalog.skus",), "answers": Cart}
    return make(path, asks, summary, **{"status": 200, **composed, **more})


ROUTES = [
    *tagged(
        "Carts",
        cart(route.get, "/cart", "orders.get_cart", "My cart"),
        cart(route.put, LINE, "orders.put_cart_line", "Have so many pieces in it", body=Quantity),
        cart(route.delete, LINE, "orders.remove_cart_line", "Have none in it"),
        cart(route.post, "/cart/merge", "orders.merge_cart", "Take over a guest's cart", **MERGE),
        who=SHOPPER,
    ),
    *tagged(
        "Carts",
        cart(
            route.post,
            "/guest-carts",
            "orders.new_guest_cart",
            "A cart without an account",
            status=201,
            limits=(Limit.REQUESTS, Limit.GUEST_CARTS, Limit.ALL_GUEST_CARTS),
        ),
        cart(route.get, GUEST, "orders.guest_cart", "A guest's cart"),
        cart(route.put, GUEST_LINE, "orders.put_guest_cart_line", "Have so many pieces in it", body=Quantity),
        cart(route.delete, GUEST_LINE, "orders.remove_guest_cart_line", "Have none in it"),
    ),
]
