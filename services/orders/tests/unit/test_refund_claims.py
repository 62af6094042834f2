"""Lessons 16 and 17: refunds in any order add up to what was paid, and never to more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.aftersale.model import refund as rules
from orders.aftersale.model.appraisal import appraise
from orders.aftersale.model.refund import Kind, OrderFullyRefunded, OrderNotRefundable
from orders.aftersale.model.states import RefundReason, RefundState
from orders.fulfilment.model.order import OrderLineNotFound, RefundQuantityExceeded
from orders.fulfilment.model.states import OrderState
from services.orders.tests.builders import MORNING, a_line, an_order, yuan
from shared.ids import new_id

ABOUT = {"state": RefundState.REQUESTED, "reason": RefundReason.REQUESTED_BY_BUYER, "requested_at": MORNING}


def claim(order, wanted, *granted, unsent=True):
    """An appraised request, given the refunds that were granted."""
    unshipped = {line.line_id: line.left for line in order.lines} if unsent else {}
    refund = rules.claim(order, wanted, unsent=unshipped, refund_id=new_id(), **ABOUT)
    appraise(order, refund, granted, shipped=not unsent)
    return refund


def grant(refund):
    refund.move(RefundState.RUNNING)
    return refund


@given(st.integers(1, 60), st.integers(0, 10**6), st.data())
def test_lesson_17_any_sequence_of_partial_refunds_ends_at_exactly_what_was_paid(quantity, paid, data):
    line = a_line(quantity=quantity, paid=paid)
    released, taken = 0, []
    while line.left:
        units = data.draw(st.integers(1, line.left))
        taken.append((units, line.claim(units)))
        if released < 5 and data.draw(st.booleans()):
            line.release_claim(*taken.pop(data.draw(st.integers(0, len(taken) - 1))))
            released += 1
        assert line.claimed_amount == sum(amount.amount for _, amount in taken) <= paid
    assert sum(amount.amount for _, amount in taken) == paid


@given(st.integers(1, 99), st.integers(0, 10**6))
def test_lesson_16_equal_units_cost_the_same_to_the_last_fen(quantity, paid):
    line = a_line(quantity=quantity, paid=paid)
    prices = [line.claim(1).amount for _ in range(quantity)]
    assert max(prices) - min(prices) <= 1
    assert prices == sorted(prices, reverse=True)


def test_lesson_17_more_units_than_are_left_are_refused_and_nothing_is_claimed():
    line = a_line(quantity=3, paid=1000)
    line.claim(2)
    with pytest.raises(RefundQuantityExceeded):
        line.claim(2)
    assert (line.claimed_quantity, line.claimed_amount) == (2, 667)


def test_a_request_for_everything_before_shipping_is_a_cancellation_with_the_shipping_fee():
    order = an_order(shipping=800)
    refund = claim(order, None)
    assert (refund.kind, refund.shipping, refund.amount) == (Kind.CANCELLATION, yuan(800), order.total)
    assert [line.unsent for line in refund.lines] == [1, 2]


def test_a_request_for_the_last_units_is_a_cancellation_when_all_others_were_granted():
    order = an_order()
    first, second = order.lines
    earlier = claim(order, [(first.line_id, 1)])
    assert earlier.kind is Kind.REFUND
    last = claim(order, [(second.line_id, 2)], grant(earlier))
    assert (last.kind, last.amount) == (Kind.CANCELLATION, second.paid + order.shipping)


def test_a_request_for_the_last_units_is_a_plain_refund_while_another_request_is_open():
    order = an_order()
    first, second = order.lines
    waiting = claim(order, [(first.line_id, 1)])
    last = claim(order, [(second.line_id, 2)], waiting)
    assert (last.kind, last.amount, last.shipping) == (Kind.REFUND, second.paid, yuan(0))


def test_of_two_requests_for_everything_the_one_that_is_granted_last_pays_the_shipping_fee():
    order = an_order()
    (first, second), paid = order.lines, order.total
    one, other = claim(order, [(first.line_id, 1)]), claim(order, [(second.line_id, 2)])
    grant(other)
    appraise(order, one, [one, other], shipped=False)
    assert (one.kind, one.amount) == (Kind.CANCELLATION, paid - other.amount)


def test_a_failed_refund_leaves_its_units_in_the_order():
    order = an_order()
    first, second = order.lines
    failed = grant(claim(order, [(first.line_id, 1)]))
    failed.move(RefundState.FAILED)
    assert claim(order, [(second.line_id, 2)], failed).kind is Kind.REFUND


def test_a_request_for_everything_after_shipping_pays_no_shipping_fee_and_restocks_nothing():
    order = an_order(state=OrderState.SHIPPED)
    refund = claim(order, None, unsent=False)
    assert (refund.kind, refund.amount) == (Kind.REFUND, order.goods)
    assert [line.unsent for line in refund.lines] == [0, 0]


def test_of_a_partly_shipped_line_the_unshipped_units_are_refunded_first():
    order = an_order(a_line(quantity=3, paid=900), state=OrderState.PREPARING)
    (cups,) = order.lines
    refund = rules.claim(order, [(cups.line_id, 3)], unsent={cups.line_id: 1}, refund_id=new_id(), **ABOUT)
    assert [(line.quantity, line.unsent) for line in refund.lines] == [(3, 1)]


def test_a_request_for_everything_is_a_plain_refund_once_a_parcel_was_shipped():
    order = an_order(shipping=800)
    whole = claim(order, None)
    appraise(order, whole, [whole], shipped=True)
    assert (whole.kind, whole.amount, whole.shipping) == (Kind.REFUND, order.goods, yuan(0))


def test_the_shipping_fee_alone_cannot_be_requested():
    order = an_order(shipping=800)
    claim(order, None)
    with pytest.raises(OrderFullyRefunded):
        claim(order, None)


def test_units_cannot_be_requested_twice():
    order = an_order(state=OrderState.DELIVERED)
    claim(order, None, unsent=False)
    with pytest.raises(OrderFullyRefunded):
        claim(order, None, unsent=False)


def test_a_refused_refund_releases_its_units():
    order = an_order(state=OrderState.DELIVERED)
    refund = claim(order, None, unsent=False)
    rules.release_claim(order, refund)
    assert claim(order, None, unsent=False).amount == refund.amount


def test_a_line_of_another_order_is_not_found():
    with pytest.raises(OrderLineNotFound):
        claim(an_order(), [(new_id(), 1)])


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.CANCELLING, OrderState.CANCELLED])
def test_an_order_that_is_not_paid_or_is_cancelled_is_not_refundable(state):
    with pytest.raises(OrderNotRefundable):
        rules.check_refundable(an_order(state=state))
