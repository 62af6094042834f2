"""Guest carts: merged at sign-in, and purged when unused."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from orders.carts.model import MOST_LINES, CartNotFound
from orders.service import OrdersService
from shared.auth import Caller
from shared.ids import new_id
from shared.testing import service

GUEST = Caller()


def age(open_work, days, cart_id):
    with open_work() as work:
        aged = text("UPDATE cart SET updated_at = updated_at - :age WHERE cart_id = :id")
        work.connection.execute(aged, {"age": timedelta(days=days), "id": cart_id})


def test_guest_carts_unused_for_a_month_are_purged_and_all_others_kept(call, open_work, shopper):
    old, older, fresh = (call("create_guest_cart", GUEST)["cart_id"] for _ in range(3))
    call("put_guest_cart_line", GUEST, cart_id=old, sku_id=str(new_id()), quantity=2)
    own = call("put_cart_line", shopper, sku_id=str(new_id()), quantity=1)
    for days, cart_id in ((31, old), (400, older), (29, fresh), (400, own["cart_id"])):
        age(open_work, days, cart_id)
    service(OrdersService, open_work).purge()
    assert call("get_guest_cart", GUEST, cart_id=fresh)["lines"] == []
    assert call("get_cart", shopper) == own
    for gone in (old, older):
        with pytest.raises(CartNotFound):
            call("get_guest_cart", GUEST, cart_id=gone)


def test_lines_that_do_not_fit_remain_in_the_guest_cart_and_are_returned(call, shopper):
    own = [str(new_id()) for _ in range(MOST_LINES - 1)]
    for sku_id in own:
        call("put_cart_line", shopper, sku_id=sku_id, quantity=1)
    guest_cart_id = call("create_guest_cart", GUEST)["cart_id"]
    wanted = [{"sku_id": str(new_id()), "quantity": n} for n in (1, 2)]
    for line in wanted:
        call("put_guest_cart_line", GUEST, cart_id=guest_cart_id, **line)

    merged = call("merge_cart", shopper, guest_cart_id=guest_cart_id)
    assert len(merged["lines"]) == MOST_LINES
    (left,) = merged["not_merged"]
    assert left.pop("reason") == "cart_full"
    assert call("get_guest_cart", GUEST, cart_id=guest_cart_id)["lines"] == [left]

    call("remove_cart_line", shopper, sku_id=own[0])
    again = call("merge_cart", shopper, guest_cart_id=guest_cart_id)
    assert (again["not_merged"], left in again["lines"]) == ([], True)
    with pytest.raises(CartNotFound):
        call("get_guest_cart", GUEST, cart_id=guest_cart_id)
