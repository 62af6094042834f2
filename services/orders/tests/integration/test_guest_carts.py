"""Guests' carts: whoever has none gets one, and the forgotten ones go."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from orders.carts.model import MOST_LINES, CartNotFound
from orders.service import OrdersService
from shared.auth import Caller
from shared.ids import new_id
from shared.testing import service

GUEST = Caller()


def left_alone(open_work, days, cart_id):
    with open_work() as work:
        aged = text("UPDATE cart SET updated_at = updated_at - :age WHERE cart_id = :id")
        work.connection.execute(aged, {"age": timedelta(days=days), "id": cart_id})


def test_carts_that_guests_left_alone_for_a_month_go_and_all_others_stay(ask, open_work, shopper):
    old, older, fresh = (ask("create_guest_cart", GUEST)["cart_id"] for _ in range(3))
    ask("put_guest_cart_line", GUEST, cart_id=old, sku_id=str(new_id()), quantity=2)
    own = ask("put_cart_line", shopper, sku_id=str(new_id()), quantity=1)
    for days, cart_id in ((31, old), (400, older), (29, fresh), (400, own["cart_id"])):
        left_alone(open_work, days, cart_id)
    service(OrdersService, open_work).purge()
    assert ask("get_guest_cart", GUEST, cart_id=fresh)["lines"] == []
    assert ask("get_cart", shopper) == own
    for gone in (old, older):
        with pytest.raises(CartNotFound):
            ask("get_guest_cart", GUEST, cart_id=gone)


def test_a_guests_cart_keeps_what_finds_no_room_in_a_full_one_and_the_answer_says_so(ask, shopper):
    own = [str(new_id()) for _ in range(MOST_LINES - 1)]
    for sku_id in own:
        ask("put_cart_line", shopper, sku_id=sku_id, quantity=1)
    guest_cart_id = ask("create_guest_cart", GUEST)["cart_id"]
    wanted = [{"sku_id": str(new_id()), "quantity": n} for n in (1, 2)]
    for line in wanted:
        ask("put_guest_cart_line", GUEST, cart_id=guest_cart_id, **line)

    merged = ask("merge_cart", shopper, guest_cart_id=guest_cart_id)
    assert len(merged["lines"]) == MOST_LINES
    (left,) = merged["not_merged"]
    assert left.pop("reason") == "cart_full"
    assert ask("get_guest_cart", GUEST, cart_id=guest_cart_id)["lines"] == [left]

    ask("remove_cart_line", shopper, sku_id=own[0])
    again = ask("merge_cart", shopper, guest_cart_id=guest_cart_id)
    assert (again["not_merged"], left in again["lines"]) == ([], True)
    with pytest.raises(CartNotFound):
        ask("get_guest_cart", GUEST, cart_id=guest_cart_id)
