"""What a shopper has open and what waits for a shop, counted as it changes."""

import pytest

from services.orders.tests.carrier_keys import reported
from services.orders.tests.quotes import a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.auth import ANONYMOUS, Caller
from shared.errors import Forbidden
from shared.ids import new_id
from shared.permissions import Role

NOTHING = {"to_pay": 0, "to_ship": 0, "to_receive": 0, "refunds": 0}


@pytest.fixture
def buy(confirmed, merchant):
    """Buy three cups from the merchant's shop; returns the order."""
    (shop_id,) = merchant.shops

    def bought():
        line = a_quoted_line(quantity=3, unit_price=1000)
        return confirmed(a_quoted_shop(line, shop_id=shop_id))["orders"][0]

    return bought


@pytest.fixture
def waiting(call, merchant):
    (shop_id,) = merchant.shops
    return lambda: call("get_shop_order_counts", merchant, shop_id=str(shop_id))


def of(order):
    return {"order_id": order["order_id"]}


def request_refund(call, shopper, order):
    cup = {"lines": [{"line_id": order["lines"][0]["line_id"], "quantity": 1}]}
    return call("request_refund", shopper, **of(order), **cup, reason_text="碎了", idempotency_key=str(new_id()))


def test_a_shopper_sees_what_is_to_be_paid_with_its_checkout_until_it_is_paid(call, peers, shopper, sign):
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, a_quoted_shop(), a_quoted_shop()))))
    peers.answer_all()
    assert call("get_order_counts", shopper) == NOTHING | {"to_pay": 1}
    (listed,) = call("list_checkouts", shopper, state=["placed"])["items"]
    assert listed == call("get_checkout", shopper, checkout_id=placed["checkout_id"])
    peers.pays()
    assert call("get_order_counts", shopper) == NOTHING | {"to_ship": 2}
    assert call("list_checkouts", shopper, state=["placed"])["items"] == []
    assert len(call("list_checkouts", shopper, state=["placed", "confirmed"])["items"]) == 1


def test_checkouts_are_listed_page_by_page_newest_first_and_only_ones_own(call, confirmed, shopper, merchant):
    made = [confirmed()["checkout_id"] for _ in range(3)]
    first = call("list_checkouts", shopper, limit=2)
    rest = call("list_checkouts", shopper, limit=2, cursor=first["next"])
    assert [one["checkout_id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    stranger = Caller(new_id(), new_id(), frozenset({Role.SHOPPER}))
    assert call("list_checkouts", stranger)["items"] == []
    assert call("get_order_counts", stranger) == NOTHING


def test_cash_orders_are_never_to_be_paid(call, shopper, sign):
    call("check_out", shopper, **a_request(sign(a_quote(shopper)), payment_method="cash_on_delivery"))
    assert call("get_order_counts", shopper) == NOTHING


def test_an_order_is_counted_where_it_waits_until_its_receipt_is_confirmed(call, buy, waiting, shopper, merchant):
    order, accepted = buy(), buy()
    call("accept_order", merchant, **of(accepted))
    shown = waiting()
    assert (shown["to_accept"]["count"], shown["to_ship"]["count"]) == (1, 1)
    assert call("get_order_counts", shopper) == NOTHING | {"to_ship": 2}
    call("ship_order", merchant, **of(accepted), carrier="sf-express", tracking_number="SF1")
    assert waiting()["to_ship"] == {"count": 0, "since": None}
    assert call("get_order_counts", shopper) == NOTHING | {"to_ship": 1, "to_receive": 1}
    call("record_carrier_event", ANONYMOUS, **reported("SF1"))
    assert call("get_order_counts", shopper) == NOTHING | {"to_ship": 1, "to_receive": 1}
    call("receive_order", shopper, **of(accepted))
    assert call("get_order_counts", shopper) == NOTHING | {"to_ship": 1}
    listed = call("list_orders", shopper, state=["confirmed", "completed"])["items"]
    assert {one["order_id"] for one in listed} == {order["order_id"], accepted["order_id"]}


def test_the_oldest_waits_since_it_reached_its_state(call, buy, waiting, merchant):
    first, _ = buy(), buy()
    steps = {step["state"]: step["at"] for step in call("get_shop_order", merchant, **of(first))["steps"]}
    assert waiting()["to_accept"] == {"count": 2, "since": steps["confirmed"]}
    accepted = call("accept_order", merchant, **of(first))
    assert waiting()["to_ship"] == {"count": 1, "since": accepted["steps"][-1]["at"]}


def test_refunds_wait_for_the_shops_answer_and_stay_open_for_the_shopper(call, buy, waiting, shopper, merchant):
    order = buy()
    call("accept_order", merchant, **of(order))
    requested, other = request_refund(call, shopper, order), request_refund(call, shopper, order)
    assert waiting()["refunds_to_answer"] == {"count": 2, "since": requested["requested_at"]}
    call("approve_refund", merchant, refund_id=requested["refund_id"])
    assert waiting()["refunds_to_answer"] == {"count": 1, "since": other["requested_at"]}
    assert call("get_order_counts", shopper)["refunds"] == 2
    call("refuse_refund", merchant, refund_id=other["refund_id"])
    assert call("get_order_counts", shopper)["refunds"] == 1


def test_refunds_are_listed_by_state_for_the_shopper_and_the_shop(call, buy, shopper, merchant):
    order = buy()
    call("accept_order", merchant, **of(order))
    refused, requested = request_refund(call, shopper, order), request_refund(call, shopper, order)
    call("refuse_refund", merchant, refund_id=refused["refund_id"])
    (shop_id,) = merchant.shops
    for listed in (
        call("list_own_refunds", shopper, state=["requested"]),
        call("list_shop_refunds", merchant, shop_id=str(shop_id), state=["requested"]),
    ):
        assert [one["refund_id"] for one in listed["items"]] == [requested["refund_id"]]
    both = call("list_own_refunds", shopper)["items"]
    assert [one["refund_id"] for one in both] == [requested["refund_id"], refused["refund_id"]]


def test_another_shops_counts_are_refused(call, merchant):
    with pytest.raises(Forbidden):
        call("get_shop_order_counts", merchant, shop_id=str(new_id()))
