"""Refunds concurrent with each other, a parcel or a cancellation: a cancelled order is always refunded in full."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from orders.aftersale.model.refund import AmountChanged, ItemsNotShipped, OrderNotRefundable
from orders.fulfilment import use_cases as fulfilment
from orders.fulfilment.model.parcel import ParcelState, Trace
from orders.fulfilment.model.states import TransitionNotAllowed
from services.orders.tests.peers import refund_refused
from services.orders.tests.quotes import a_quoted_line, a_quoted_shop
from shared.contracts import catalog, payments
from shared.ids import new_id


@pytest.fixture
def order(confirmed, merchant, call):
    """An accepted order of two teapots and three cups."""
    (shop_id,) = merchant.shops
    lines = a_quoted_line(quantity=2, unit_price=3000), a_quoted_line(quantity=3, unit_price=1000)
    (order,) = confirmed(a_quoted_shop(*lines, shop_id=shop_id))["orders"]
    return call("accept_order", merchant, order_id=order["order_id"])


@pytest.fixture
def request_return(call, order, shopper):
    """Request a refund of `quantity` units of the line at this place, or of all that are left."""

    def request(place=None, quantity=None):
        lines = [{"line_id": order["lines"][place]["line_id"], "quantity": quantity}] if quantity else []
        about = {"order_id": order["order_id"], "reason_text": "不要了", "idempotency_key": str(new_id())}
        return call("request_refund", shopper, **about, lines=lines, whole=not lines)["refund_id"]

    return request


@pytest.fixture
def details(call, order, shopper):
    return lambda: call("get_order", shopper, order_id=order["order_id"])


@pytest.fixture
def ship(call, order, merchant):
    """Ship `quantity` units of the line at this place."""

    def ship(place, quantity, number="SF1"):
        lines = [{"line_id": order["lines"][place]["line_id"], "quantity": quantity}]
        about = {"order_id": order["order_id"], "carrier": "sf-express", "tracking_number": number}
        return call("ship_order", merchant, **about, lines=lines)

    return ship


def shown(details, refund_id):
    refund = next(r for r in details()["refunds"] if r["refund_id"] == refund_id)
    return refund["kind"], refund["amount"]["amount"]


def deliver(open_work, number="SF1"):
    with open_work() as work:
        fulfilment.record_report(
            work, "sf-express", number, Trace(at=datetime.now(UTC), event=ParcelState.DELIVERED)
        )


def restocked(peers):
    return [[line.quantity for line in command.lines] for _, command in peers.commands(catalog.Restock)]


def test_units_that_were_not_shipped_are_restocked_although_a_parcel_was_shipped(
    call, peers, request_return, ship, merchant
):
    ship(0, 2)
    call("approve_refund", merchant, refund_id=request_return(1, 3))
    peers.answer_all()
    assert restocked(peers) == [[3]]


def test_of_a_partly_shipped_line_only_the_unshipped_units_are_restocked(
    call, peers, request_return, ship, merchant
):
    ship(1, 2)
    call("approve_refund", merchant, refund_id=request_return(1, 3))
    peers.answer_all()
    assert restocked(peers) == [[1]]


def test_an_order_whose_rest_is_refunded_is_shipped_and_delivered_with_its_parcel(
    call, peers, request_return, ship, details, merchant, open_work
):
    ship(0, 2)
    call("approve_refund", merchant, refund_id=request_return(1, 3))
    peers.answer_all()
    assert details()["state"] == "shipped"
    deliver(open_work)
    assert details()["state"] == "delivered"


def test_an_order_whose_rest_is_refunded_after_its_parcel_was_delivered_is_delivered(
    call, peers, request_return, ship, details, merchant, open_work
):
    ship(0, 2)
    deliver(open_work)
    call("approve_refund", merchant, refund_id=request_return(1, 3))
    peers.answer_all()
    assert [step["state"] for step in details()["steps"]][-2:] == ["shipped", "delivered"]


def test_a_request_for_units_the_order_was_shipped_without_cannot_be_refused(
    call, request_return, ship, details, merchant
):
    refund_id = request_return(1, 3)
    ship(0, 2)
    assert details()["state"] == "shipped"
    with pytest.raises(ItemsNotShipped):
        call("refuse_refund", merchant, refund_id=refund_id)


def test_each_of_five_requests_pays_its_shown_amount_and_the_last_granted_the_shipping_fee_too(
    call, peers, request_return, details, merchant
):
    requests = [
        request_return(0, 1),
        request_return(0, 1),
        request_return(1, 1),
        request_return(1, 1),
        request_return(1, 1),
    ]
    paid = []
    for refund_id in reversed(requests):
        shown = next(r for r in details()["refunds"] if r["refund_id"] == refund_id)
        listed = call("list_shop_refunds", merchant, shop_id=str(next(iter(merchant.shops))))["items"]
        answer = call("approve_refund", merchant, refund_id=refund_id)
        peers.answer_all()
        _, sent = peers.commands(payments.RefundPayment)[-1]
        assert shown in listed
        assert shown["amount"] == answer["amount"]
        assert (refund_id, shown["amount"]["amount"]) == (str(sent.refund_id), sent.amount.amount)
        paid.append(sent.amount.amount)
    assert paid == [1000, 1000, 1000, 3000, 3000 + 800]
    assert (details()["state"], details()["refunded"]) == ("cancelled", details()["total"])


def test_granting_one_of_two_requests_for_everything_does_not_change_the_other(
    call, peers, request_return, details, merchant
):
    first, rest = request_return(0, 2), request_return()
    call("approve_refund", merchant, refund_id=rest)
    peers.answer_all()
    seen = details()
    assert (seen["state"], seen["refunded"]["amount"]) == ("preparing", 3000)
    assert [(r["refund_id"], r["state"]) for r in seen["refunds"]] == [(first, "requested"), (rest, "refunded")]


def test_a_request_for_everything_excludes_the_shipping_fee_once_a_parcel_was_shipped(
    call, request_return, ship, details, merchant
):
    whole = request_return(1, 3)
    call("approve_refund", merchant, refund_id=whole)
    request_return(0, 1)
    rest = request_return()
    call("approve_refund", merchant, refund_id=details()["refunds"][1]["refund_id"])
    assert shown(details, rest) == ("cancellation", 3800)
    call("refuse_refund", merchant, refund_id=rest)
    ship(0, 1)
    assert shown(details, request_return()) == ("refund", 3000)


def test_a_failed_refund_removes_the_shipping_fee_from_the_request_that_would_have_been_the_last(
    call, peers, request_return, details, merchant
):
    first, last = request_return(0, 2), request_return()
    call("approve_refund", merchant, refund_id=first)
    assert shown(details, last) == ("cancellation", 3800)
    peers.answers[payments.RefundPayment] = lambda c: payments.RefundFailed(
        refund_id=c.refund_id, payment_id=c.payment_id, order_id=c.order_id, reason="account_frozen"
    )
    peers.answer_all()
    assert shown(details, last) == ("refund", 3000)


def test_an_approval_of_another_amount_than_it_would_pay_is_refused(
    call, peers, request_return, details, merchant
):
    first, last = request_return(0, 2), request_return()
    call("approve_refund", merchant, refund_id=first, amount=6000)
    peers.answer_all()
    with pytest.raises(AmountChanged) as refusal:
        call("approve_refund", merchant, refund_id=last, amount=3000)
    assert refusal.value.facts["amount"] == 3800
    assert shown(details, last) == ("cancellation", 3800)
    assert call("approve_refund", merchant, refund_id=last, amount=3800)["state"] == "running"


def test_an_approval_of_an_amount_by_older_rules_is_refused_with_the_present_amount(
    call, peers, request_return, details, merchant, open_work
):
    refund_id = request_return(1, 3)
    with open_work() as work:
        work.connection.execute(text("UPDATE refund SET amount = 2900 WHERE refund_id = :id"), {"id": refund_id})
    with pytest.raises(AmountChanged) as refusal:
        call("approve_refund", merchant, refund_id=refund_id, amount=2900)
    assert refusal.value.facts["amount"] == 3000
    assert peers.commands(payments.RefundPayment) == []
    for _ in range(2):  # the second time it is already granted
        assert call("approve_refund", merchant, refund_id=refund_id, amount=3000)["amount"]["amount"] == 3000
    with pytest.raises(AmountChanged):
        call("approve_refund", merchant, refund_id=refund_id, amount=2900)


def test_granting_one_request_after_refusing_another_leaves_the_order_to_be_shipped(
    call, peers, request_return, ship, details, merchant
):
    first, last = request_return(0, 2), request_return(1, 3)
    call("refuse_refund", merchant, refund_id=first)
    call("approve_refund", merchant, refund_id=last)
    peers.answer_all()
    assert (details()["state"], details()["refunded"]["amount"]) == ("preparing", 3000)
    assert ship(0, 2)["state"] == "shipped"


def test_a_cancellation_refunds_the_units_of_an_earlier_failed_refund(
    call, peers, request_return, details, merchant
):
    first, last = request_return(0, 2), request_return(1, 3)
    call("approve_refund", merchant, refund_id=first)
    call("approve_refund", merchant, refund_id=last)
    peers.answers[payments.RefundPayment] = refund_refused
    peers.answer_first(payments.RefundPayment)
    del peers.answers[payments.RefundPayment]
    peers.answer_all()
    seen = details()
    assert (seen["state"], seen["refunded"]) == ("cancelled", seen["total"])


def test_a_request_is_not_granted_once_the_whole_order_is_being_cancelled(call, request_return, order, merchant):
    refund_id = request_return(0, 1)
    call("refuse_order", merchant, order_id=order["order_id"], reason_text="缺货")
    with pytest.raises(OrderNotRefundable):
        call("approve_refund", merchant, refund_id=refund_id)


def test_a_refused_refund_is_not_granted_once_another_one_has_all_the_units(call, request_return, ship, merchant):
    ship(0, 2, "SF1")
    ship(1, 3, "SF2")
    refused = request_return()
    call("refuse_refund", merchant, refund_id=refused)
    call("approve_refund", merchant, refund_id=request_return())
    with pytest.raises(TransitionNotAllowed):
        call("approve_refund", merchant, refund_id=refused)
