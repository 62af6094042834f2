"""The lines in events of an order: their frozen terms, and what was refunded by then."""

import pytest

from services.orders.tests.carrier_keys import reported
from services.orders.tests.quotes import a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.auth import ANONYMOUS
from shared.contracts import orders, payments
from shared.contracts.orders import OrderAmounts
from shared.ids import new_id
from shared.money import Money
from shared.testing import published


@pytest.fixture
def order(call, peers, shopper, sign, merchant):
    """Three cups for ¥30 less a coupon of ¥1, and a spoon without a category, prepared by the shop."""
    (shop_id,) = merchant.shops
    cups = {**a_quoted_line(quantity=3, unit_price=1000, discount=100), "category": "居家 > 茶具"}
    quote = a_quote(shopper, a_quoted_shop(cups, a_quoted_line(quantity=1, unit_price=500), shop_id=shop_id))
    placed = call("check_out", shopper, **a_request(sign(quote)))
    peers.answer_all()
    peers.pays()
    (order,) = call("get_checkout", shopper, checkout_id=placed["checkout_id"])["orders"]
    call("accept_order", merchant, order_id=order["order_id"])
    return order


def only_event(open_work, kind):
    (only,) = [message for message in published(open_work) if isinstance(message, kind)]
    return only


def refund(call, peers, order, shopper, merchant, quantity):
    line = {"line_id": order["lines"][0]["line_id"], "quantity": quantity}
    request = {"lines": [line], "reason_text": "破了", "idempotency_key": str(new_id())}
    requested = call("request_refund", shopper, order_id=order["order_id"], **request)
    call("approve_refund", merchant, refund_id=requested["refund_id"])
    peers.answer_all()


@pytest.mark.parametrize("kind", [orders.OrderPlaced, orders.OrderConfirmed])
def test_the_events_of_placed_and_confirmed_orders_have_their_lines_and_prices(order, open_work, kind):
    event = only_event(open_work, kind)
    cups, spoon = event.lines
    assert (cups.category, cups.quantity, cups.unit_price) == ("居家 > 茶具", 3, Money(1000))
    assert (cups.discount, cups.paid) == (Money(100), Money(2900))
    (coupon,) = cups.allocations
    assert (coupon.source, coupon.shop, coupon.platform) == ("coupon", Money(100), Money(0))
    assert (spoon.category, spoon.allocations, spoon.paid) == (None, (), Money(500))
    assert {line.version for line in event.lines} == {event.version}
    assert event.amounts == OrderAmounts(
        goods=Money(3500), discount=Money(100), shipping=Money(800), total=Money(4200), refunded=Money(0)
    )


def test_the_event_of_a_paid_refund_has_what_was_refunded_of_each_line(
    call, peers, order, shopper, merchant, open_work
):
    peers.refunds_are_slow = True
    refund(call, peers, order, shopper, merchant, 2)
    peers.refunds_arrive()
    closed = only_event(open_work, orders.AfterSaleClosed)
    cups, spoon = closed.lines
    assert (cups.refunded_quantity, cups.refunded) == (2, Money(1934))
    assert (spoon.refunded_quantity, spoon.refunded) == (0, Money(0))
    assert (closed.amount, closed.amounts.refunded) == (Money(1934), Money(1934))
    assert closed.amounts.total == Money(4200)
    assert closed.version == cups.version > only_event(open_work, orders.OrderConfirmed).version


def test_a_cancelled_order_refunds_each_of_its_lines_and_its_shipping(call, peers, order, merchant):
    call("refuse_order", merchant, order_id=order["order_id"], reason_text="缺货")
    peers.answer_all()
    ((_, opening),) = peers.commands(payments.OpenPayment)
    ((_, refund),) = peers.commands(payments.RefundPayment)
    paid = {line.line_id: line for part in opening.parts for line in part.lines}
    assert {line.line_id: line.amount for line in refund.lines} == {of: line.paid for of, line in paid.items()}
    refunded = [(paid[line.line_id].kind, line.pieces) for line in refund.lines]
    assert refunded == [("goods", 3), ("goods", 1), ("shipping", 0)]


@pytest.mark.parametrize("kind", [orders.OrderDelivered, orders.OrderCompleted])
def test_the_events_of_delivered_and_completed_orders_have_what_was_refunded_by_then(
    call, peers, order, shopper, merchant, open_work, kind
):
    refund(call, peers, order, shopper, merchant, 1)
    call("ship_order", merchant, order_id=order["order_id"], carrier="sf-express", tracking_number="SF1", lines=[])
    call("record_carrier_event", ANONYMOUS, **reported("SF1"))
    call("receive_order", shopper, order_id=order["order_id"])
    event = only_event(open_work, kind)
    cups, spoon = event.lines
    assert (cups.refunded_quantity, cups.refunded) == (1, Money(967))
    assert (spoon.refunded_quantity, spoon.version) == (0, event.version)
    assert event.amounts.refunded == Money(967)
