"""Limits on what a buyer may have open and unpaid: checkouts, and cash on delivery."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from orders.checkout.model.limits import CashOrderTooLarge, TooManyOpenCheckouts, TooMuchOpenCash
from services.orders.tests.quotes import a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.contracts import catalog
from shared.testing import published
from shared.testing.meeting import meet


def priced(fen):
    """A shop's part of a quote with this total."""
    return a_quoted_shop(a_quoted_line(quantity=1, unit_price=fen), shipping=0)


@pytest.fixture
def order(call, shopper, sign):
    """Check out; by default for ¥50 with cash on delivery."""

    def check_out(*shops, by="cash_on_delivery", buyer=shopper):
        request = a_request(sign(a_quote(buyer, *(shops or [priced(5000)]))), payment_method=by)
        return call("check_out", buyer, **request)

    return check_out


def attempt(order, **known):
    try:
        return order(**known)["checkout_id"]
    except (TooManyOpenCheckouts, TooMuchOpenCash):
        return None


def test_at_most_ten_checkouts_may_be_unpaid(order, open_work):
    for _ in range(10):
        order(by="wechat")
    with pytest.raises(TooManyOpenCheckouts) as refusal:
        order(by="wechat")
    assert refusal.value.facts == {"most": 10}
    assert len([m for m in published(open_work) if isinstance(m, catalog.ReserveStock)]) == 10


def test_thirty_concurrent_checkouts_of_one_buyer_never_exceed_the_limit(order):
    with ThreadPoolExecutor(8) as tabs:
        placed = list(tabs.map(lambda _: attempt(order, by="wechat"), range(30)))
    assert sum(checkout_id is not None for checkout_id in placed) == 10


def test_thirty_concurrent_cash_orders_of_one_buyer_never_exceed_the_limit(order, monkeypatch):
    monkeypatch.setenv("OPEN_CASH_LIMIT", "34999")
    with ThreadPoolExecutor(8) as tabs:
        placed = list(tabs.map(lambda _: attempt(order), range(30)))
    assert sum(checkout_id is not None for checkout_id in placed) == 6


def test_of_two_first_orders_at_the_same_time_the_second_counts_the_first(order, open_work, monkeypatch):
    monkeypatch.setenv("OPEN_CASH_LIMIT", "5000")
    no_new_carts = "LOCK TABLE cart IN SHARE ROW EXCLUSIVE MODE"
    placed = meet(open_work.engine, no_new_carts, *[lambda: attempt(order)] * 2)
    assert sum(checkout_id is not None for checkout_id in placed) == 1


def test_a_repeated_quote_is_answered_at_the_limit_too(call, order, shopper, sign):
    request = a_request(sign(a_quote(shopper)))
    placed = call("check_out", shopper, **request)
    for _ in range(9):
        order(by="wechat")
    again = call("check_out", shopper, **{**request, "idempotency_key": "another"})
    assert again["checkout_id"] == placed["checkout_id"]


def test_a_paid_or_cancelled_checkout_no_longer_counts(call, order, peers, shopper):
    placed = [order(by="wechat") for _ in range(10)]
    peers.answer_all()
    peers.pays()
    call("cancel_checkout", shopper, checkout_id=placed[0]["checkout_id"])
    peers.answer_all()
    for _ in range(2):
        order(by="wechat")
    with pytest.raises(TooManyOpenCheckouts):
        order(by="wechat")


def test_each_buyer_has_a_limit_of_their_own(order, merchant):
    for _ in range(10):
        order(by="wechat")
    assert order(by="wechat", buyer=merchant)["state"] == "placed"


def test_a_cash_order_is_limited_and_another_payment_method_is_not(order):
    two = priced(200_000), priced(200_001)
    with pytest.raises(CashOrderTooLarge) as refusal:
        order(*two)
    assert refusal.value.facts == {"most": 200_000, "shop_ids": [two[1]["shop_id"]]}
    assert order(*two, by="wechat")["state"] == "placed"


def test_the_total_of_open_cash_orders_is_limited(call, order, peers, merchant):
    (shop_id,) = merchant.shops
    shop = a_quoted_shop(a_quoted_line(quantity=1, unit_price=150_000), shipping=0, shop_id=shop_id)
    (first,) = order(shop)["orders"]
    peers.answer_all()
    order(priced(200_000))
    order(priced(150_000))
    with pytest.raises(TooMuchOpenCash):
        order(priced(1))
    call("refuse_order", merchant, order_id=first["order_id"], reason_text="缺货")
    assert order(priced(150_000))["state"] == "placed"


def test_a_refused_checkout_stores_nothing(call, order, shopper):
    cup = a_quoted_line(quantity=1, unit_price=300_000)
    call("put_cart_line", shopper, sku_id=cup["sku_id"], quantity=1)
    with pytest.raises(CashOrderTooLarge):
        order(a_quoted_shop(cup))
    assert call("list_orders", shopper)["items"] == []
    assert call("get_cart", shopper)["lines"] == [{"sku_id": cup["sku_id"], "quantity": 1}]
