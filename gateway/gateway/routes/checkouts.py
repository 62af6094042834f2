"""Quotes, checkouts, orders and refunds, as their shopper sees them."""

from gateway import composed, composing
from gateway.config import KIB
from gateway.route import SHOPPER, Json, Stream, create, get, post, tagged
from gateway.schemas import orders as o
from gateway.schemas.lists import page_of
from shared.contracts.marketing import requests as m

CHECKOUT = "/checkouts/{checkout_id:uuid}"
ORDER = "/orders/{order_id:uuid}"
OVER = {"completed", "cancelled"}
PAID = {"compose": composing.checkout, "joins": ("payments.get_payment",), "answers": o.PaidCheckout}
QUOTED = {"compose": composing.quote, "joins": ("catalog.skus",), "answers": composed.Quote}


def _checkout_ids(checkout: Json) -> set[str]:
    return {checkout["checkout_id"], *(order["order_id"] for order in checkout["orders"])}


ROUTES = [
    *tagged("Checkout", post("/quotes", m.RequestQuote, "Price a basket, with reasons", **QUOTED)),
    *tagged(
        "Checkout",
        create("/checkouts", "orders.check_out", "Order", body=o.NewCheckout, answers=o.Checkout, most=320 * KIB),
        get(CHECKOUT, "orders.get_checkout", "A checkout and its payment", **PAID),
        post(f"{CHECKOUT}/cancel", "orders.cancel_checkout", "Cancel all of it", answers=o.Checkout),
        get(
            f"{CHECKOUT}/stream",
            "orders.get_checkout",
            "A checkout as it changes",
            stream=Stream(wakes_on=_checkout_ids, is_final=lambda c: all(x["state"] in OVER for x in c["orders"])),
            **PAID,
        ),
        who=SHOPPER,
    ),
    *tagged(
        "Orders",
        get("/orders", "orders.list_orders", "My orders", query=o.OrderSearch, answers=page_of(o.Order)),
        get(ORDER, "orders.get_order", "One order, with its way so far", answers=o.WholeOrder),
        post(f"{ORDER}/cancel", "orders.cancel_order", "Cancel it", body=o.Because, answers=o.WholeOrder),
        post(f"{ORDER}/receive", "orders.receive_order", "I have it", answers=o.WholeOrder),
        get(
            f"{ORDER}/stream",
            "orders.get_order",
            "An order as it changes",
            stream=Stream(
                wakes_on=lambda order: {order["order_id"]}, is_final=lambda order: order["state"] in OVER
            ),
            answers=o.WholeOrder,
        ),
        create(f"{ORDER}/refunds", "orders.ask_refund", "Ask money back", body=o.RefundWish, answers=o.Refund),
        post(
            f"{ORDER}/refunds/preview",
            "orders.preview_refund",
            "See what a refund would pay",
            body=o.RefundedPieces,
            answers=o.RefundPreview,
        ),
        get(f"{ORDER}/refunds", "orders.list_refunds", "What was asked back", answers=page_of(o.Refund)),
        who=SHOPPER,
    ),
]
