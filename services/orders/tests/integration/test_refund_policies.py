"""A shop chooses its refund policy, an order keeps the one it was placed under; refunds can be previewed."""

import pytest

from orders.aftersale.model.refund import AmountChanged
from services.orders.tests.quotes import a_quoted_line, a_quoted_shop
from shared.errors import Forbidden
from shared.ids import new_id
from shared.testing import logged

TERMS = {
    "discounts": [{"threshold": 11_000, "off": 10_000}],
    "shipping": {"fee": 800, "free_from": 8800},
}


@pytest.fixture
def shop_id(merchant):
    (shop_id,) = merchant.shops
    return str(shop_id)


@pytest.fixture
def choose(call, merchant, shop_id):
    return lambda policy: call("set_refund_policy", merchant, shop_id=shop_id, policy=policy)


@pytest.fixture
def buy(confirmed, call, merchant, shop_id):
    """An accepted order of a cup for ¥10 and a pot for ¥100 with ¥100 off."""

    def accepted(**rest):
        lines = (
            a_quoted_line(quantity=1, unit_price=1000, discount=909),
            a_quoted_line(quantity=1, unit_price=10_000, discount=9091),
        )
        (order,) = confirmed(a_quoted_shop(*lines, shop_id=shop_id, **{"terms": TERMS, **rest}))["orders"]
        return call("accept_order", merchant, order_id=order["order_id"])

    return accepted


def of(order, place):
    return {"order_id": order["order_id"], "lines": [{"line_id": order["lines"][place]["line_id"], "quantity": 1}]}


def a_request(**rest):
    return {"reason_text": "不要了", "idempotency_key": str(new_id()), **rest}


def test_the_previewed_amount_is_the_one_requested_listed_and_paid(call, choose, buy, shopper, merchant, peers):
    choose("reprice_before_shipping")
    order = buy()
    preview = call("preview_refund", shopper, **of(order, 1))
    assert call("list_refunds", shopper, order_id=order["order_id"])["items"] == []
    assert [preview[part]["amount"] for part in ("shipping", "difference", "amount")] == [0, 909, 0]
    assert preview["lines"][0]["amount"]["amount"] == 909
    assert [why["code"] for why in preview["why"]] == ["kept_goods_cost_more"]
    requested = call("request_refund", shopper, **of(order, 1), **a_request(amount=0))
    assert preview.items() <= requested.items()
    assert requested in call("list_refunds", shopper, order_id=order["order_id"])["items"]
    paid = call("approve_refund", merchant, refund_id=requested["refund_id"], amount=0)
    assert preview.items() <= paid.items()
    rest = call("request_refund", shopper, order_id=order["order_id"], whole=True, **a_request())
    call("approve_refund", merchant, refund_id=rest["refund_id"])
    peers.answer_all()
    seen = call("get_order", shopper, order_id=order["order_id"])
    assert (seen["state"], seen["refunded"]) == ("cancelled", seen["total"])


def test_an_open_request_pays_only_the_share_once_a_parcel_was_shipped(call, choose, buy, shopper, merchant):
    choose("reprice_before_shipping")
    order = buy()
    requested = call("request_refund", shopper, **of(order, 1), **a_request())
    parcel = {"carrier": "sf-express", "tracking_number": "SF1234567890"}
    call("ship_order", merchant, **of(order, 0), **parcel)
    (shown,) = call("list_refunds", shopper, order_id=order["order_id"])["items"]
    assert [r["amount"]["amount"] for r in (requested, shown)] == [0, 909]
    assert call("approve_refund", merchant, refund_id=requested["refund_id"])["amount"] == shown["amount"]


def test_a_request_for_another_amount_than_it_would_pay_is_refused_and_stores_nothing(call, buy, shopper):
    order = buy()
    with pytest.raises(AmountChanged) as refusal:
        call("request_refund", shopper, **of(order, 1), **a_request(amount=910))
    assert refusal.value.facts["amount"] == 909
    assert call("get_order", shopper, order_id=order["order_id"])["lines"][1]["refundable_quantity"] == 1


def test_an_order_keeps_the_policy_it_was_placed_under(call, choose, buy, shopper):
    before = buy()
    choose("reprice_before_shipping")
    after = buy()
    choose("frozen_shares")
    assert [o["refund_policy"] for o in (before, after)] == ["frozen_shares", "reprice_before_shipping"]
    amounts = [call("preview_refund", shopper, **of(order, 1))["amount"]["amount"] for order in (before, after)]
    assert amounts == [909, 0]


def test_an_order_whose_quote_had_no_terms_is_not_repriced(call, choose, buy, shopper):
    choose("reprice_before_shipping")
    assert call("preview_refund", shopper, **of(buy(terms=None), 1))["amount"]["amount"] == 909


def test_the_policy_of_a_shop_is_public_in_both_languages(call, choose, shopper, shop_id):
    usual = call("get_refund_policy", shopper, shop_id=shop_id)
    assert (usual["policy"], sorted(usual["text"])) == ("frozen_shares", ["en", "zh"])
    assert choose("reprice_before_shipping") == call("get_refund_policy", shopper, shop_id=shop_id)


def test_a_change_of_a_shops_policy_is_in_the_operator_log_once(choose, shop_id, merchant, open_work):
    for _ in range(2):
        choose("reprice_before_shipping")
    with open_work() as work:
        (entry,) = logged(work, about=f"shop {shop_id}")
    assert (entry["actor"], entry["action"]) == (str(merchant.account), "shop.refund_policy")
    assert (entry["before"], entry["after"]) == (
        {"policy": "frozen_shares"},
        {"policy": "reprice_before_shipping"},
    )


def test_a_merchant_cannot_set_the_policy_of_another_shop(call, merchant):
    with pytest.raises(Forbidden):
        call("set_refund_policy", merchant, shop_id=str(new_id()), policy="reprice_before_shipping")
