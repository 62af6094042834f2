"""The messages to buyers about their orders: one each, with the order's number and no name."""

import pytest

from services.orders.tests.peers import refunded
from services.orders.tests.quotes import a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.contracts import payments
from shared.contracts.users import Purpose, SendMessage, Template


@pytest.fixture
def shop(merchant):
    (shop_id,) = merchant.shops
    return a_quoted_shop(a_quoted_line(quantity=3, unit_price=1000, discount=0), shop_id=shop_id)


@pytest.fixture
def sent(peers):
    """The messages of one template."""
    return lambda template: [c for _, c in peers.commands(SendMessage) if c.template is template]


def given(message):
    return {parameter.name: parameter.value for parameter in message.parameters}


def of(order):
    return {"order_id": order["order_id"]}


def about(order, **more):
    return {"order_id": order["order_id"], "order_number": order["number"], **more}


def test_a_buyer_gets_a_message_for_each_confirmed_order(confirmed, shop, shopper, sent):
    (order,) = confirmed(shop)["orders"]
    (message,) = sent(Template.ORDER_CONFIRMED)
    assert (message.user_id, message.purpose) == (shopper.user_id, Purpose.ORDER)
    assert given(message) == about(order, total="¥38.00")


def test_a_buyer_gets_one_message_for_each_parcel(call, confirmed, shop, merchant, sent):
    (order,) = confirmed(shop)["orders"]
    call("accept_order", merchant, **of(order))
    line = order["lines"][0]["line_id"]
    for number, quantity in (("SF1", 1), ("SF2", 2)):
        parcel = {"carrier": "sf-express", "tracking_number": number}
        for _ in range(2):
            call("ship_order", merchant, **of(order), **parcel, lines=[{"line_id": line, "quantity": quantity}])
    parcels = [given(message) for message in sent(Template.ORDER_SHIPPED)]
    assert parcels == [about(order, carrier="sf-express", tracking_number=number) for number in ("SF1", "SF2")]


def test_a_buyer_gets_a_message_for_each_order_of_a_cancelled_checkout(call, peers, shopper, sign, sent):
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper, a_quoted_shop(), a_quoted_shop()))))
    peers.answer_all()
    call("cancel_checkout", shopper, checkout_id=placed["checkout_id"])
    peers.answer_all()
    numbers = {given(message)["order_number"] for message in sent(Template.ORDER_CANCELLED)}
    assert numbers == {order["number"] for order in placed["orders"]}


def test_a_buyer_gets_a_message_when_the_order_is_cancelled_and_when_its_refund_is_paid(
    call, peers, confirmed, shop, shopper, sent
):
    peers.refunds_are_slow = True
    (order,) = confirmed(shop)["orders"]
    call("cancel_order", shopper, **of(order), reason_text="地址写错了")
    peers.answer_all()
    assert [given(message) for message in sent(Template.ORDER_CANCELLED)] == [about(order)]
    assert sent(Template.REFUND_ARRIVED) == []
    peers.refunds_arrive()
    (_, command) = peers.commands(payments.RefundPayment)[-1]
    peers.consumes(refunded(command))
    (message,) = sent(Template.REFUND_ARRIVED)
    assert message.purpose is Purpose.AFTER_SALE
    assert given(message) == about(order, refund_id=str(command.refund_id), amount="¥38.00")
