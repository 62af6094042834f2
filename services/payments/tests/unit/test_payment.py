"""What a payment decides, and what can go back of it."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.ledger.model import Tender
from payments.providers.declaration import Collection
from payments.taking.model.parts import OrderNotFound, RefundAmountExceeded, RefundAmountInvalid
from payments.taking.model.payment import (
    MOVES,
    PaymentUnpaid,
    Standing,
    State,
    TransitionNotAllowed,
)
from services.payments.tests.builders import payment, yuan
from shared.contracts.payments import NoAction
from shared.errors import Refusal
from shared.ids import new_id
from shared.money import Money

NOW = datetime.now(UTC)


def captured(*amounts):
    paid = payment(*amounts)
    paid.capture(NOW)
    return paid


def confirmed_cash(*amounts):
    owed = payment(*amounts, collection=Collection.AT_DELIVERY)
    owed.open(NoAction())
    for part in owed.parts:
        owed.book(part.order_id)
    return owed


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_a_payment_moves_as_its_table_says_and_going_nowhere_is_harmless(state, to):
    moving = payment(state=state)
    if to is state or to in MOVES[state]:
        moving.move(to)
        assert moving.state is to
    else:
        with pytest.raises(TransitionNotAllowed):
            moving.move(to)
        assert moving.state is state


@pytest.mark.parametrize("state", [State.OPENING, State.OPEN])
def test_the_right_sum_by_the_right_attempt_is_kept_before_anything_is_decided(state):
    paid = payment(yuan(88), state=state)
    assert paid.standing_of(paid.attempt_id, yuan(88)) is Standing.KEPT


@pytest.mark.parametrize("state", [State.CAPTURED, State.CANCELLED, State.FAILED])
def test_money_that_comes_after_the_decision_returns(state):
    paid = payment(yuan(88), state=state)
    assert paid.standing_of(paid.attempt_id, yuan(88)) is Standing.RETURNED


@pytest.mark.parametrize("money", [yuan(87.99), yuan(88.01), Money(8800, "USD")])
def test_a_wrong_sum_or_currency_returns(money):
    paid = payment(yuan(88))
    assert paid.standing_of(paid.attempt_id, money) is Standing.RETURNED


def test_money_of_another_attempt_returns():
    assert payment(yuan(88)).standing_of(new_id(), yuan(88)) is Standing.RETURNED


def test_a_refund_goes_back_the_way_the_money_came():
    paid = captured(yuan(30), yuan(58))
    assert paid.refund(paid.parts[0].order_id, yuan(30)) is Tender.PROVIDER


def test_no_order_gets_back_what_another_one_paid():
    paid = captured(yuan(30), yuan(58))
    with pytest.raises(RefundAmountExceeded):
        paid.refund(paid.parts[0].order_id, yuan(30.01))


@pytest.mark.parametrize("amount", [yuan(0), yuan(-1), Money(100, "USD")])
def test_a_refund_is_more_than_nothing_in_the_payments_currency(amount):
    paid = captured(yuan(30))
    with pytest.raises(RefundAmountInvalid):
        paid.refund(paid.parts[0].order_id, amount)


def test_nothing_goes_back_of_what_was_never_paid():
    unpaid = payment(yuan(30))
    with pytest.raises(PaymentUnpaid):
        unpaid.refund(unpaid.parts[0].order_id, yuan(1))


def test_a_payment_refunds_its_own_orders_only():
    with pytest.raises(OrderNotFound):
        captured(yuan(30)).refund(new_id(), yuan(1))


def test_cash_not_yet_taken_is_written_off_and_the_rest_is_taken_at_the_door():
    owed = confirmed_cash(yuan(30))
    order_id = owed.parts[0].order_id
    assert owed.refund(order_id, yuan(10)) is Tender.RECEIVABLE
    assert owed.take_cash(order_id, NOW) == yuan(20)
    assert (owed.state, owed.taken) == (State.CAPTURED, yuan(20))


def test_cash_taken_already_is_handed_back_in_cash():
    owed = confirmed_cash(yuan(30))
    owed.take_cash(owed.parts[0].order_id, NOW)
    assert owed.refund(owed.parts[0].order_id, yuan(5)) is Tender.CASH


def test_a_cash_payment_ends_when_the_last_order_is_delivered_or_given_up():
    owed = confirmed_cash(yuan(30), yuan(20))
    owed.take_cash(owed.parts[0].order_id, NOW)
    assert owed.state is State.OPEN
    owed.refund(owed.parts[1].order_id, yuan(20))
    assert owed.state is State.CAPTURED


def test_a_cash_payment_of_which_all_is_given_up_is_cancelled():
    owed = confirmed_cash(yuan(30))
    owed.refund(owed.parts[0].order_id, yuan(30))
    assert (owed.state, owed.receivable) == (State.CANCELLED, yuan(0))


def test_an_order_is_booked_once():
    owed = payment(yuan(30), collection=Collection.AT_DELIVERY)
    owed.open(NoAction())
    booked = [owed.book(owed.parts[0].order_id) for _ in range(2)]
    assert booked == [yuan(30), yuan(0)]


AMOUNTS = st.integers(0, 500).map(Money)
REFUNDS = st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 300).map(Money)), max_size=30)


@given(st.lists(AMOUNTS, min_size=3, max_size=3), REFUNDS)
def test_lesson_17_partial_refunds_never_exceed_what_was_paid_per_order(amounts, wishes):
    paid = captured(*amounts)
    back = [0, 0, 0]
    for place, amount in wishes:
        order_id = paid.parts[place].order_id
        try:
            paid.refund(order_id, amount)
        except Refusal:
            continue
        back[place] += amount.amount
    assert [part.refunded.amount for part in paid.parts] == back
    assert all(0 <= given <= amount.amount for given, amount in zip(back, amounts, strict=True))


STEPS = st.lists(st.tuples(st.sampled_from(["book", "take", "refund"]), st.integers(0, 1), st.integers(1, 90)))


@given(st.lists(AMOUNTS, min_size=2, max_size=2), STEPS)
def test_cash_owed_taken_and_given_up_always_add_up_to_what_was_booked(amounts, steps):
    owed = payment(*amounts, collection=Collection.AT_DELIVERY)
    owed.open(NoAction())
    for step, place, fen in steps:
        part = owed.parts[place]
        with suppress(Refusal):
            {
                "book": lambda part=part: owed.book(part.order_id),
                "take": lambda part=part: owed.take_cash(part.order_id, NOW),
                "refund": lambda part=part, fen=fen: owed.refund(part.order_id, Money(fen)),
            }[step]()
        booked = part.receivable + part.captured + part.written_off
        assert booked.amount in {0, part.amount.amount}
        assert 0 <= part.refunded.amount <= part.captured.amount
