"""CancelPayment gets one of two replies within ten seconds, whatever the provider does."""

import pytest

from payments.providers.interface import PaymentState
from services.payments.tests.builders import (
    cancel_payment,
    cash_on_delivery,
    confirmed,
    delivered,
    open_payment,
    part,
    yuan,
)
from shared.contracts.payments import PaymentCancelled, PaymentCaptured, PaymentOpened, PaymentRefused, Standing


def test_an_open_payment_is_closed_at_the_provider_and_cancelled(till):
    command = till.opened()
    requested = till.send(cancel_payment(command))
    assert till.answers(requested) == []
    till.call_provider()
    assert isinstance(till.answer(requested), PaymentCancelled)
    assert till.wechat.payments[till.number(command)].state is PaymentState.CLOSED


def test_a_payment_that_comes_before_the_cancellation_is_kept_and_is_the_reply(till):
    command = till.opened()
    till.pay(command)
    requested = till.send(cancel_payment(command))
    till.call_provider()
    answer = till.answer(requested)
    assert isinstance(answer, PaymentCaptured)
    assert answer.standing is Standing.KEPT
    assert till.state(command) == "captured"


def test_a_captured_payment_is_not_cancelled_and_every_command_gets_the_same_reply(till):
    command = till.paid()
    requested = till.send(cancel_payment(command))
    again = till.again(requested)
    assert till.answer(requested) == till.answer(again)
    assert till.answer(requested).standing is Standing.KEPT


def test_without_a_response_a_payment_is_cancelled_at_once_and_closed_in_the_background(till):
    command = till.opened()
    till.wechat.time_out("close", calls=3)
    requested = till.send(cancel_payment(command))
    till.call_provider()
    assert isinstance(till.answer(requested), PaymentCancelled)
    for _ in range(3):
        till.later(seconds=5)
    assert till.wechat.payments[till.number(command)].state is PaymentState.CLOSED


def test_money_found_while_closing_in_the_background_is_refunded(till):
    command = till.opened()
    till.wechat.time_out("close")
    till.send(cancel_payment(command))
    till.call_provider()
    till.pay(command)
    till.later(seconds=2)
    (captured,) = till.published(PaymentCaptured)
    assert captured.standing is Standing.RETURNED
    assert till.state(command) == "cancelled"


def test_a_cancellation_is_decided_in_time_though_the_call_never_returns(till):
    command = till.opened()
    requested = till.send(cancel_payment(command))
    with till.open_work() as work:
        work.connection.exec_driver_sql("UPDATE provider_calls SET due_at = now() + interval '1 hour'")
    till.later(seconds=7)
    assert till.answers(requested) == []
    till.later(seconds=1.1)
    assert isinstance(till.answer(requested), PaymentCancelled)


def test_a_payment_cancelled_while_it_is_being_opened_is_closed(till):
    command = open_payment()
    opening = till.send(command)
    cancelling = till.send(cancel_payment(command))
    for provider_call in sorted(till.worker.claim(till.open_work, 2), key=lambda claimed: claimed.call.kind):
        till.worker.carry_out(till.open_work, provider_call)
    assert isinstance(till.answer(opening), PaymentRefused)
    assert isinstance(till.answer(cancelling), PaymentCancelled)
    till.call_provider()
    assert till.wechat.payments[till.number(command)].state is PaymentState.CLOSED


def test_a_payment_cancelled_before_the_provider_responds_is_not_opened(till):
    command = open_payment()
    till.send(command)
    till.wechat.time_out("open")
    till.call_provider()
    till.send(cancel_payment(command))
    till.call_provider()
    till.later(seconds=15)
    assert till.state(command) == "cancelled"
    assert till.wechat.calls["open"] == 1


def test_an_opening_that_takes_effect_after_the_cancellation_is_closed(till):
    command = open_payment()
    till.send(command)
    till.wechat.time_out("open", done=True)
    till.wechat.time_out("close")
    till.call_provider()
    till.send(cancel_payment(command))
    till.call_provider()
    assert till.state(command) == "cancelled"
    till.later(seconds=15)
    assert till.wechat.payments[till.number(command)].state is PaymentState.CLOSED
    assert till.published(PaymentOpened) == []


def test_cancelling_an_unknown_payment_succeeds_and_a_later_opening_is_refused(till):
    command = open_payment()
    cancelled = till.send(cancel_payment(command))
    opened = till.send(command)
    till.call_provider()
    assert isinstance(till.answer(cancelled), PaymentCancelled)
    assert isinstance(till.answer(opened), PaymentRefused)
    assert till.answer(opened).reason == "cancelled"
    assert not till.wechat.calls


def test_a_repeated_cancellation_gets_the_same_reply(till):
    command = till.opened()
    requested = till.send(cancel_payment(command))
    twice = till.again(requested)
    till.call_provider()
    thrice = till.again(requested)
    answers = [till.answer(one) for one in (requested, twice, thrice)]
    assert answers == [PaymentCancelled(payment_id=command.payment_id, checkout_id=command.checkout_id)] * 3


def test_a_refused_payment_is_cancelled_without_a_provider_call(till):
    command = open_payment(amount=yuan(1))
    till.send(command)
    assert isinstance(till.answer(till.send(cancel_payment(command))), PaymentCancelled)


def test_cash_on_delivery_is_cancelled_at_once(till):
    command = cash_on_delivery()
    till.send(command)
    assert isinstance(till.answer(till.send(cancel_payment(command))), PaymentCancelled)
    till.send(confirmed(command))
    assert till.balances == {}


def test_cancelling_a_confirmed_cash_payment_writes_off_the_receivable(till):
    command = cash_on_delivery(part(yuan(30)))
    till.send(command)
    till.send(confirmed(command))
    assert isinstance(till.answer(till.send(cancel_payment(command))), PaymentCancelled)
    assert till.balances == {}


def test_collected_cash_cannot_be_cancelled(till):
    command = cash_on_delivery(part(yuan(30)), part(yuan(20)))
    till.send(command)
    till.send(confirmed(command))
    till.send(delivered(command))
    answer = till.answer(till.send(cancel_payment(command)))
    assert isinstance(answer, PaymentCaptured)
    assert answer.amount == yuan(30)


@pytest.mark.parametrize("silent", [False, True])
def test_an_expired_payment_is_cancelled_without_a_command(till, silent):
    command = till.opened()
    if silent:
        till.wechat.time_out("close", calls=2)
    for _ in range(3):
        till.later(minutes=31)
    (cancelled,) = till.published(PaymentCancelled)
    assert cancelled.payment_id == command.payment_id
