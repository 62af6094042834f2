"""The paths of the checkout saga."""

from dataclasses import replace
from datetime import timedelta

import pytest

from orders.sagas import checkout
from services.orders.tests.unit.saga_states import a_checkout, authorized, captured
from shared.contracts import catalog, marketing, payments
from shared.contracts.catalog import StockRefusal
from shared.contracts.payments import Method, Standing
from shared.ids import new_id
from shared.sagas.conversation import Conversation
from shared.sagas.core import SagaActionNotAllowed


@pytest.fixture
def state():
    return a_checkout()


def until_open_payment(state):
    talk = Conversation(checkout.saga, state).did("open")
    talk.asks(catalog.ReserveStock).told_yes()
    talk.asks(marketing.HoldBenefits).told_yes()
    return talk.asks(payments.OpenPayment)


def until_take_payment(state):
    return until_open_payment(state).told_yes().waits("take_payment")


def test_a_paid_checkout_is_confirmed_and_its_stock_committed(state):
    talk = until_take_payment(state).consumes(captured(state)).did("confirm")
    talk.asks(catalog.CommitStock).told_yes()
    talk.asks(marketing.RedeemBenefits).told_yes()
    talk.ends("done")


def test_without_a_coupon_marketing_gets_no_command():
    state = a_checkout(coupon=False)
    talk = Conversation(checkout.saga, state).asks(catalog.ReserveStock).told_yes()
    talk.asks(payments.OpenPayment).told_yes().consumes(captured(state))
    talk.asks(catalog.CommitStock).told_yes().ends("done")


def test_cash_on_delivery_is_confirmed_when_it_is_authorized():
    state = a_checkout(method=Method.CASH_ON_DELIVERY)
    talk = until_open_payment(state).told(authorized(state))
    talk.did("confirm").asks(catalog.CommitStock)


def test_out_of_stock_cancels_the_orders_and_releases_nothing(state):
    talk = Conversation(checkout.saga, state).did("open").asks(catalog.ReserveStock)
    talk.told(catalog.StockRefused(checkout_id=state.checkout_id, reason=StockRefusal.OUT_OF_STOCK))
    talk.did("undo open").ends("undone")
    assert talk.now.state.reason == "out_of_stock"


def test_a_reservation_without_a_reply_is_released(state):
    talk = Conversation(checkout.saga, state).did("open").asks(catalog.ReserveStock).told_nothing()
    talk.asks(catalog.ReleaseStock).told_yes()
    talk.did("undo open").ends("undone")
    assert talk.now.state.reason == "stock_unavailable"


def test_a_taken_coupon_releases_the_stock(state):
    talk = Conversation(checkout.saga, state).asks(catalog.ReserveStock).told_yes()
    talk.asks(marketing.HoldBenefits).told_no()
    talk.asks(catalog.ReleaseStock).told_yes().ends("undone")


def test_an_expired_payment_is_cancelled_and_all_steps_are_undone_in_reverse_order(state):
    talk = until_take_payment(state).told_nothing().did()
    talk.asks(payments.CancelPayment).told_yes()
    talk.asks(marketing.ReleaseBenefits).told_yes()
    talk.asks(catalog.ReleaseStock).told_yes()
    talk.did("undo open").ends("undone")
    assert talk.now.state.reason == "payment_expired"


def test_a_payment_captured_before_its_cancellation_turns_the_saga_forward(state):
    talk = until_take_payment(state).told_nothing()
    talk.asks(payments.CancelPayment).told(captured(state)).did("confirm")
    talk.asks(catalog.CommitStock).told_yes()
    talk.asks(marketing.RedeemBenefits).told_yes().ends("done")
    assert talk.now.state.reason is None


def test_a_capture_event_before_the_reply_turns_it_forward_too_and_the_reply_is_ignored(state):
    talk = until_take_payment(state).cancelled().asks(payments.CancelPayment)
    requested = talk.now.awaiting
    talk.consumes(captured(state)).asks(catalog.CommitStock)
    talk.consumes(captured(state), answers=requested).asks(catalog.CommitStock)
    assert talk.handed_over == ["changed_mind"]


def test_a_request_to_cancel_that_comes_after_the_payment_is_handed_over_once(state):
    talk = until_take_payment(state).cancelled("no_longer_needed")
    talk.asks(payments.CancelPayment).told(captured(state)).did("confirm")
    talk.asks(catalog.CommitStock).told_yes().asks(marketing.RedeemBenefits).told_yes().ends("done")
    assert talk.handed_over == ["no_longer_needed"]


@pytest.mark.parametrize(
    "changes", [{"standing": Standing.RETURNED}, {"payment_id": new_id()}, {"order_id": new_id()}]
)
def test_a_capture_that_is_not_kept_for_this_payment_changes_nothing(state, changes):
    until_take_payment(state).consumes(captured(state, **changes)).waits("take_payment")


def test_a_capture_before_the_payment_is_known_to_be_open_is_remembered(state):
    talk = until_open_payment(state).consumes(captured(state)).asks(payments.OpenPayment)
    talk.told_yes().did("confirm").asks(catalog.CommitStock)


def test_a_late_authorization_does_not_turn_a_cancelled_checkout_forward(state):
    talk = until_open_payment(state).told_nothing().asks(payments.CancelPayment)
    talk.consumes(authorized(state)).asks(payments.CancelPayment)
    talk.told_yes().asks(marketing.ReleaseBenefits)


def test_a_cancellation_of_a_payment_without_a_reply_is_sent_again_with_growing_waits(state):
    talk = until_take_payment(state).cancelled().asks(payments.CancelPayment)
    for _ in range(5):
        talk.told_nothing().asks(payments.CancelPayment)
    waits = [published.after.total_seconds() for published in talk.published[-6:]]
    assert waits == [30, 60, 120, 240, 480, 900]
    assert all(published.within is None for published in talk.published[-6:]), "an undo never expires"
    assert len(talk.alarms) == 3


def test_a_command_before_the_pivot_expires_with_its_step(state):
    talk = Conversation(checkout.saga, state)
    assert talk.published[0].within == talk.published[0].after == timedelta(seconds=30)


def test_after_the_pivot_a_command_is_sent_again_without_limit_and_cannot_be_cancelled(state):
    talk = until_take_payment(state).consumes(captured(state)).asks(catalog.CommitStock)
    for _ in range(40):
        talk.told_nothing().asks(catalog.CommitStock)
    with pytest.raises(SagaActionNotAllowed):
        talk.cancelled()
    talk.told_yes().asks(marketing.RedeemBenefits).told_yes().ends("done")


def test_the_orders_are_locked_so_that_cancelling_one_waits(state):
    assert set(checkout.saga.locks(state)) == {f"order {part.order_id}" for part in state.parts}


def test_an_undo_needs_nothing_that_its_step_learned(state):
    undone = replace(state, reason="payment_expired")
    assert checkout.cancel_payment(undone) == checkout.cancel_payment(state)
    assert checkout.release_stock(undone) == checkout.release_stock(state)
