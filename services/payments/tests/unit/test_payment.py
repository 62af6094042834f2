"""The outcome of a payment, and what can be refunded of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.ledger.model import Tender
from payments.providers.declaration import Collection
from payments.taking.model.parts import OrderNotFound, Part, RefundAmountExceeded, RefundAmountInvalid
from payments.taking.model.payment import (
    TRANSITIONS,
    PaymentUnpaid,
    Standing,
    State,
    TransitionNotAllowed,
)
from payments.taking.use_cases.part_lines import kept
from services.payments.tests.builders import line, payment, yuan
from services.payments.tests.builders import part as a_part
from shared.contracts.payments import NoAction, RefundedLine
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import Money, total

NOW = datetime.now(UTC)


def captured(*amounts):
    paid = payment(*amounts)
    paid.capture(NOW)
    return paid


def confirmed_cash(*amounts):
    cash = payment(*amounts, collection=Collection.AT_DELIVERY)
    cash.open(NoAction())
    for part in cash.parts:
        cash.book(part.order_id)
    return cash


def refund(paid, place, *amounts, pieces=0):
    """Refund an amount of each of the first lines of an order; returns how it is paid."""
    part = paid.parts[place]
    back = [
        RefundedLine(line_id=line.line_id, pieces=pieces, amount=amount)
        for line, amount in zip(part.lines, amounts, strict=False)
    ]
    return paid.refund(part.order_id, total(amounts, amounts[0].currency), back)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_a_payment_allows_the_listed_transitions_and_its_current_state(state, to):
    moving = payment(state=state)
    if to is state or to in TRANSITIONS[state]:
        moving.move(to)
        assert moving.state is to
    else:
        with pytest.raises(TransitionNotAllowed):
            moving.move(to)
        assert moving.state is state


@pytest.mark.parametrize("state", [State.OPENING, State.OPEN])
def test_the_right_amount_by_the_right_attempt_is_kept_before_a_decision(state):
    paid = payment(yuan(88), state=state)
    assert paid.standing_of(paid.attempt_id, yuan(88)) is Standing.KEPT


@pytest.mark.parametrize("state", [State.CAPTURED, State.CANCELLED, State.FAILED])
def test_money_received_after_the_decision_is_returned(state):
    paid = payment(yuan(88), state=state)
    assert paid.standing_of(paid.attempt_id, yuan(88)) is Standing.RETURNED


@pytest.mark.parametrize("money", [yuan(87.99), yuan(88.01), Money(8800, "USD")])
def test_a_wrong_amount_or_currency_is_returned(money):
    paid = payment(yuan(88))
    assert paid.standing_of(paid.attempt_id, money) is Standing.RETURNED


def test_money_of_another_attempt_is_returned():
    assert payment(yuan(88)).standing_of(new_id(), yuan(88)) is Standing.RETURNED


def test_a_prepaid_payment_is_refunded_through_the_provider():
    paid = captured(yuan(30), yuan(58))
    assert refund(paid, 0, yuan(30)) is Tender.PROVIDER


def test_no_order_is_refunded_what_another_one_paid():
    paid = captured(yuan(30), yuan(58))
    with pytest.raises(RefundAmountExceeded):
        refund(paid, 0, yuan(30.01))


@pytest.mark.parametrize("amount", [yuan(0), yuan(-1), Money(100, "USD")])
def test_a_refund_is_above_zero_in_the_payments_currency(amount):
    paid = captured(yuan(30))
    with pytest.raises(RefundAmountInvalid):
        refund(paid, 0, amount)


def test_an_unpaid_payment_cannot_be_refunded():
    unpaid = payment(yuan(30))
    with pytest.raises(PaymentUnpaid):
        refund(unpaid, 0, yuan(1))


def test_a_payment_refunds_its_own_orders_only():
    with pytest.raises(OrderNotFound):
        captured(yuan(30)).refund(new_id(), yuan(1), [])


def test_a_refund_before_collection_reduces_the_cash_to_be_collected():
    cash = confirmed_cash(yuan(30))
    order_id = cash.parts[0].order_id
    assert refund(cash, 0, yuan(10)) is Tender.RECEIVABLE
    assert cash.take_cash(order_id, NOW) == yuan(20)
    assert (cash.state, cash.taken) == (State.CAPTURED, yuan(20))


def test_collected_cash_is_refunded_in_cash():
    cash = confirmed_cash(yuan(30))
    cash.take_cash(cash.parts[0].order_id, NOW)
    assert refund(cash, 0, yuan(5)) is Tender.CASH


def test_a_cash_payment_ends_when_the_last_order_is_delivered_or_written_off():
    cash = confirmed_cash(yuan(30), yuan(20))
    cash.take_cash(cash.parts[0].order_id, NOW)
    assert cash.state is State.OPEN
    refund(cash, 1, yuan(20))
    assert cash.state is State.CAPTURED


def test_a_cash_payment_that_is_fully_written_off_is_cancelled():
    cash = confirmed_cash(yuan(30))
    refund(cash, 0, yuan(30))
    assert (cash.state, cash.receivable) == (State.CANCELLED, yuan(0))


def test_an_order_is_booked_once():
    cash = payment(yuan(30), collection=Collection.AT_DELIVERY)
    cash.open(NoAction())
    booked = [cash.book(cash.parts[0].order_id) for _ in range(2)]
    assert booked == [yuan(30), yuan(0)]


def of_lines(*paid, quantity=3):
    """A captured payment of one order with these lines."""
    kept_lines = kept(a_part(total(paid), lines=tuple(line(each, quantity=quantity) for each in paid)))
    of_order = Part.unpaid(new_id(), new_id(), total(paid), kept_lines)
    paid_for = payment(amount=total(paid), parts=[of_order])
    paid_for.capture(NOW)
    return paid_for


def test_no_line_is_refunded_what_was_paid_for_another_one():
    paid = of_lines(yuan(10), yuan(20))
    with pytest.raises(RefundAmountExceeded):
        refund(paid, 0, yuan(10.01), yuan(0))
    refund(paid, 0, yuan(0), yuan(20))
    refund(paid, 0, yuan(10), yuan(0))
    assert [line.refunded for line in paid.parts[0].lines] == [yuan(10), yuan(20)]


def test_the_refunded_quantity_never_exceeds_the_quantity():
    paid = of_lines(yuan(9), quantity=3)
    refund(paid, 0, yuan(3), pieces=2)
    with pytest.raises(RefundAmountExceeded):
        refund(paid, 0, yuan(3), pieces=2)
    refund(paid, 0, yuan(6), pieces=1)
    assert paid.parts[0].lines[0].refunded_quantity == 3


def test_a_refund_is_the_sum_of_its_lines_and_each_line_is_of_the_order():
    paid = of_lines(yuan(10), yuan(20))
    of_order = paid.parts[0]
    one, other = (RefundedLine(line_id=li.line_id, pieces=0, amount=yuan(5)) for li in of_order.lines)
    debt = RefundedLine(line_id=other.line_id, pieces=0, amount=yuan(-1))
    unknown = RefundedLine(line_id=new_id(), pieces=0, amount=yuan(5))
    for amount, back in [(10, [one]), (10, [one, one]), (4, [one, debt]), (10, [one, unknown]), (5, [])]:
        with pytest.raises(RefundAmountInvalid):
            paid.refund(of_order.order_id, yuan(amount), back)
    assert [line.refunded for line in of_order.lines] == [yuan(0), yuan(0)]


AMOUNTS = st.integers(0, 500).map(Money)
REFUNDS = st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 300).map(Money)), max_size=30)


@given(st.lists(AMOUNTS, min_size=3, max_size=3), REFUNDS)
def test_lesson_17_partial_refunds_never_exceed_what_was_paid_per_order(amounts, requests):
    paid = captured(*amounts)
    back = [0, 0, 0]
    for place, amount in requests:
        try:
            refund(paid, place, amount)
        except Refusal:
            continue
        back[place] += amount.amount
    assert [part.refunded.amount for part in paid.parts] == back
    assert all(0 <= given <= amount.amount for given, amount in zip(back, amounts, strict=True))


STEPS = st.lists(st.tuples(st.sampled_from(["book", "take", "refund"]), st.integers(0, 1), st.integers(1, 90)))


@given(st.lists(AMOUNTS, min_size=2, max_size=2), STEPS)
def test_cash_receivable_collected_and_written_off_always_sum_to_what_was_booked(amounts, steps):
    cash = payment(*amounts, collection=Collection.AT_DELIVERY)
    cash.open(NoAction())
    for step, place, fen in steps:
        part = cash.parts[place]
        with suppress(Refusal):
            {
                "book": lambda part=part: cash.book(part.order_id),
                "take": lambda part=part: cash.take_cash(part.order_id, NOW),
                "refund": lambda place=place, fen=fen: refund(cash, place, Money(fen)),
            }[step]()
        booked = part.receivable + part.captured + part.written_off
        assert booked.amount in {0, part.amount.amount}
        assert 0 <= part.refunded.amount <= part.captured.amount


@given(st.lists(AMOUNTS, min_size=2, max_size=4), st.data())
def test_any_sequence_of_partial_refunds_of_a_line_ends_at_exactly_what_was_paid(amounts, data):
    paid = of_lines(*amounts)
    of_order = paid.parts[0]
    while left := [line for line in of_order.lines if line.refunded != line.paid]:
        chosen = data.draw(st.sampled_from(left))
        fen = data.draw(st.integers(1, chosen.paid.amount))
        back = [RefundedLine(line_id=chosen.line_id, pieces=0, amount=Money(fen))]
        if fen > (chosen.paid - chosen.refunded).amount:
            with pytest.raises(RefundAmountExceeded):
                paid.refund(of_order.order_id, Money(fen), back)
            back = [replace(back[0], amount=chosen.paid - chosen.refunded)]
        paid.refund(of_order.order_id, back[0].amount, back)
    assert of_order.refunded == of_order.amount
