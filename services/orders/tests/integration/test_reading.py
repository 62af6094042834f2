"""Requests that only read write nothing: they run in read-only transactions."""

import pytest
from sqlalchemy import event, text

from services.orders.tests.quotes import a_quoted_shop
from shared.auth import Caller
from shared.contracts.orders import figures, requests
from shared.ids import new_id
from shared.permissions import Role
from shared.requests import request_types

READS = {
    each.contract.name
    for each in request_types()
    if each.__module__ in (requests.__name__, figures.__name__)
    and each.contract.name.split("_")[0] in ("get", "list", "preview")
}
OPERATOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def requested(confirmed, call, merchant):
    """The arguments of each request."""
    (shop_id,) = merchant.shops
    placed = confirmed(a_quoted_shop(shop_id=shop_id))
    (order,) = placed["orders"]
    call("accept_order", merchant, order_id=order["order_id"])
    by_order, by_shop = {"order_id": order["order_id"]}, {"shop_id": str(shop_id)}
    return {
        "get_cart": {},
        "get_guest_cart": {"cart_id": call("create_guest_cart", None)["cart_id"]},
        "get_checkout": {"checkout_id": placed["checkout_id"]},
        "list_checkouts": {},
        "get_order": by_order,
        "list_orders": {},
        "preview_refund": {**by_order, "whole": True},
        "list_refunds": by_order,
        "list_own_refunds": {},
        "get_order_counts": {},
        "get_shop_order": by_order,
        "list_shop_orders": by_shop,
        "list_shop_refunds": by_shop,
        "get_shop_order_counts": by_shop,
        "get_shop_sales": by_shop,
        "get_refund_policy": by_shop,
        "list_carriers": {},
        "list_carrier_reports": {},
    }


def caller_of(method, shopper, merchant):
    return OPERATOR if "report" in method else merchant if "shop" in method else shopper


def test_read_requests_write_nothing_but_the_log_of_who_was_shown_an_address(
    requested, call, open_work, shopper, merchant
):
    assert set(requested) == READS
    call("get_shop_order", merchant, **requested["get_shop_order"])  # a second one within the hour is not logged

    def only_read(connection):
        connection.execute(text("SET TRANSACTION READ ONLY"))

    event.listen(open_work.engine, "begin", only_read)
    try:
        for method, request in requested.items():
            call(method, caller_of(method, shopper, merchant), **request)
        with pytest.raises(Exception, match="read-only"):
            call("create_guest_cart", None)
    finally:
        event.remove(open_work.engine, "begin", only_read)
