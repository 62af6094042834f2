"""Concurrent messages and notifications, on PostgreSQL: one decision, one effect."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from payments.taking.use_cases import notifications
from services.payments.tests.builders import (
    cancel_payment,
    cash_on_delivery,
    confirmed,
    open_payment,
    refund_payment,
)
from services.payments.tests.till import ACKNOWLEDGED
from shared.contracts.payments import (
    PaymentAuthorized,
    PaymentCancelled,
    PaymentCaptured,
    PaymentOpened,
    PaymentRefunded,
    PaymentRefused,
    RefundAccepted,
    RefundFailed,
    Standing,
)
from shared.testing.meeting import meet


def at_once(*actions):
    """Run all actions at the same time; returns their results."""
    barrier = Barrier(len(actions))

    def run(action):
        barrier.wait(timeout=10)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_lesson_10_ten_equal_notifications_at_the_same_time_have_one_effect(till):
    command = till.opened()
    notification = till.pay(command)
    answers = at_once(*[lambda: till.report(notification)] * 10)
    assert answers == [ACKNOWLEDGED] * 10
    assert [captured.standing for captured in till.published(PaymentCaptured)] == [Standing.KEPT]
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


def test_a_notification_and_a_query_at_the_same_time_have_one_effect(till):
    command = till.opened()
    notification = till.pay(command)
    at_once(lambda: till.report(notification), lambda: till.later(seconds=6))
    assert [captured.standing for captured in till.published(PaymentCaptured)] == [Standing.KEPT]


@pytest.mark.parametrize("_round", range(5))
def test_of_a_concurrent_cancellation_and_capture_exactly_one_wins(till, _round):
    command = till.opened()
    notification = till.pay(command)
    till.wechat.time_out("close")
    requested = till.send(cancel_payment(command))
    at_once(lambda: till.report(notification), till.call_provider)
    (captured, *_) = till.published(PaymentCaptured)
    kept = captured.standing is Standing.KEPT
    assert till.state(command) == ("captured" if kept else "cancelled")
    assert isinstance(till.answer(requested), PaymentCaptured if kept else PaymentCancelled)
    assert ("merchant_payable" in till.balances) == kept


def test_lesson_09_of_two_captures_at_the_same_time_one_is_kept(till):
    command = till.opened()
    one, other = (till.store(till.pay(command)) for _ in range(2))
    hold = "LOCK TABLE captures IN SHARE MODE"  # after the first has locked the payment
    process = partial(notifications.process, till.open_work)
    meet(till.open_work.engine, hold, lambda: process(one), lambda: process(other))
    assert sorted(captured.standing for captured in till.published(PaymentCaptured)) == ["kept", "returned"]
    assert till.balances["merchant_payable"] == -8800


def test_ten_refunds_at_the_same_time_never_exceed_what_was_paid(till):
    command = till.paid()
    requests = [refund_payment(command) for _ in range(10)]
    requested = at_once(*[lambda request=request: till.send(request) for request in requests])
    till.call_provider()
    for number in till.wechat.refunds:
        till.report(till.wechat.let_arrive(number))
    kinds = Counter(type(till.answer(one)) for one in requested)
    assert kinds == {RefundAccepted: 1, RefundFailed: 9}
    assert len(till.published(PaymentRefunded)) == 1
    assert till.balances == {}


def test_one_refund_commanded_ten_times_at_the_same_time_is_made_once(till):
    command = till.paid()
    request = refund_payment(command)
    at_once(*[lambda: till.send(request)] * 10)
    till.call_provider()
    assert till.wechat.calls["refund"] == 1


@pytest.mark.parametrize("command", [open_payment(), cash_on_delivery()])
def test_opening_and_cancelling_at_the_same_time_end_in_one_state(till, command):
    opening, cancelling = at_once(lambda: till.send(command), lambda: till.send(cancel_payment(command)))
    till.call_provider()
    assert till.state(command) == "cancelled"
    assert isinstance(till.answer(cancelling), PaymentCancelled)
    assert isinstance(till.answer(opening), PaymentOpened | PaymentRefused | PaymentAuthorized)


def test_concurrent_workers_claim_each_call_once(till):
    for _ in range(20):
        till.send(open_payment())
    shares = at_once(*[lambda: till.worker.claim(till.open_work, 5)] * 4)
    keys = [provider_call.call.key for share in shares for provider_call in share]
    assert len(keys) == len(set(keys)) == 20


def test_postings_to_the_same_accounts_at_the_same_time_all_count(till):
    commands = [cash_on_delivery() for _ in range(10)]
    for command in commands:
        till.send(command)
    at_once(*[lambda command=command: till.send(confirmed(command)) for command in commands])
    assert till.balances == {"receivable": 88_000, "merchant_payable": -88_000}
