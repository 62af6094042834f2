"""The checks at the end of a run find broken promises."""

import pytest

from tests.chaos.checks import money_mistakes, order_mistakes
from tests.chaos.promises import Sale
from tests.chaos.schedule import Fault


def money(amount):
    return {"amount": amount, "currency": "CNY"}


def an_order(state="confirmed", **more):
    order = {
        "order_id": "o",
        "state": state,
        "total": money(100),
        "refunded": money(0),
        "parcels": [],
        "refunds": [],
    }
    return order | more


@pytest.fixture
def sale():
    return Sale(None, "key", {}, {"checkout_id": "c", "orders": [an_order()], "total": money(100)})


@pytest.fixture
def promised(sale):
    return sale.orders["o"]


def test_a_consistent_order_is_not_reported(sale, promised):
    assert order_mistakes(sale, promised, an_order()) == []


def test_an_order_that_lost_its_acceptance_is_found(sale, promised):
    promised.accepted = True
    assert order_mistakes(sale, promised, an_order("confirmed")) == ["confirmed, promised ['preparing']"]


def test_a_missing_cancellation_is_found(sale, promised):
    sale.cancelled = True
    assert order_mistakes(sale, promised, an_order("confirmed")) == ["confirmed, promised ['cancelled']"]


def test_a_missing_parcel_is_found(sale, promised):
    promised.accepted, promised.parcels = True, ["SF1"]
    assert order_mistakes(sale, promised, an_order("preparing")) == ["parcel SF1 is missing"]


def test_a_lost_delivery_is_found(sale, promised):
    promised.accepted, promised.parcels, promised.delivered = True, ["SF1"], ["SF1"]
    order = an_order("delivered", parcels=[{"tracking_number": "SF1", "state": "in_transit"}])
    assert order_mistakes(sale, promised, order) == ["parcel SF1 is in_transit"]


def test_a_missing_or_unfinished_refund_is_found(sale, promised):
    promised.accepted, promised.refunds = True, {"r1": "refunded", "r2": "requested"}
    order = an_order("preparing", refunds=[{"refund_id": "r1", "state": "running"}])
    assert order_mistakes(sale, promised, order) == [
        "refund r1 is running, promised refunded",
        "refund r2 is None, promised requested",
    ]


def a_trade(state="SUCCESS", *back):
    refunds = [{"amount": amount, "state": "SUCCESS", "out_refund_no": "88"} for amount in back]
    return {"state": state, "amount": 100, "refunds": refunds}


def test_correct_amounts_are_not_reported(sale):
    assert money_mistakes(sale, [an_order()], a_trade()) == []
    assert money_mistakes(sale, [an_order("cancelled")], a_trade("REFUND", 100)) == []
    assert money_mistakes(sale, [an_order(refunded=money(30))], a_trade("REFUND", 30)) == []


def test_a_cancelled_order_without_a_refund_is_found(sale):
    assert money_mistakes(sale, [an_order("cancelled")], a_trade()) == [
        "the provider has 100 - 0, the orders are due 0"
    ]


def test_a_double_refund_is_found(sale):
    assert money_mistakes(sale, [an_order(refunded=money(30))], a_trade("REFUND", 30, 30)) == [
        "the provider has 100 - 60, the orders are due 70; refund 88: 30 SUCCESS; refund 88: 30 SUCCESS"
    ]


def test_a_payment_unknown_to_the_provider_is_found(sale):
    sale.paid = True
    assert money_mistakes(sale, [an_order("cancelled")], a_trade("NOTPAY")) == [
        "was paid, but not according to the provider"
    ]


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("orders", "service killed"),
        ("orders-relay", "relay killed"),
        ("gateway", "gateway killed"),
        ("rabbitmq", "rabbitmq killed"),
        ("orders-rabbitmq", "wire to rabbitmq killed"),
        ("orders-relay-postgres", "wire to postgres killed"),
    ],
)
def test_faults_are_counted_by_kind(part, kind):
    assert Fault("killed", part).kind == kind
