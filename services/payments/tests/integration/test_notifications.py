"""Genuine notifications are stored before they are processed, compared in every field, and always booked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from payments import metrics
from payments.providers.interface import PaymentState, ProviderPayment, ProviderRefund, RefundState
from payments.taking.store import Captures
from payments.taking.use_cases import notifications
from services.payments.tests.builders import refund_payment, yuan
from services.payments.tests.integration.test_refunding import arrived
from services.payments.tests.till import ACKNOWLEDGED
from shared.contracts.payments import PaymentCaptured
from shared.ids import new_id
from shared.money import Money


def a_payment(**known):
    usual = {
        "out_trade_no": new_id().hex,
        "state": PaymentState.PAID,
        "amount": yuan(5),
        "transaction_id": "42001",
    }
    return ProviderPayment(**{**usual, "paid_at": datetime.now(UTC), **known})


def a_refund(till, command, **known):
    usual = {"out_refund_no": "by-hand-1", "out_trade_no": till.number(command), "refund_id": "50300001"}
    return ProviderRefund(**{**usual, "state": RefundState.SUCCEEDED, "amount": yuan(1), **known})


def report(till, about):
    return till.report(till.wechat._notify(about))


def outcomes(till):
    return [row["outcome"] for row in till.rows("SELECT outcome FROM provider_notifications ORDER BY received_at")]


def unidentified(till):
    rows = till.rows("SELECT kind, why, amount, provider_number FROM unidentified ORDER BY unidentified_id")
    return [tuple(row.values()) for row in rows]


def test_money_for_an_unknown_number_is_stored_and_booked_as_unidentified(till):
    assert report(till, a_payment()) == ACKNOWLEDGED
    assert outcomes(till) == ["unidentified"]
    assert unidentified(till) == [("receipt", "order_not_found", 500, "42001")]
    assert till.balances == {"provider_clearing:wechat": 500, "unidentified_receipts": -500}


def test_money_for_a_malformed_number_is_booked_as_unidentified(till):
    assert report(till, a_payment(out_trade_no="POS-7")) == ACKNOWLEDGED
    assert till.balances == {"provider_clearing:wechat": 500, "unidentified_receipts": -500}


def test_unidentified_money_that_is_notified_twice_is_booked_once(till):
    about = a_payment()
    assert [report(till, about), report(till, about)] == [ACKNOWLEDGED, ACKNOWLEDGED]
    assert till.balances == {"provider_clearing:wechat": 500, "unidentified_receipts": -500}


def test_a_notification_of_an_unknown_unpaid_payment_is_stored_and_moves_nothing(till):
    report(till, a_payment(state=PaymentState.CLOSED, transaction_id=None, paid_at=None))
    assert outcomes(till) == ["nothing_moved"]
    assert till.balances == {}


def test_an_unreadable_notification_is_stored_unchanged(till):
    headers, body = till.wechat._notify(None)
    till.wechat.notifications[body] = replace(till.wechat.notifications[body], document={"trade_state": "NEW"})
    before = metrics.unreadable._value.get()
    assert till.report((headers, body)) == ACKNOWLEDGED
    assert outcomes(till) == ["unreadable"]
    assert till.rows("SELECT document FROM provider_notifications") == [{"document": {"trade_state": "NEW"}}]
    assert metrics.unreadable._value.get() == before + 1


def test_a_notification_whose_processing_fails_is_kept_and_processed_later(till, monkeypatch):
    notification = till.pay(till.opened())
    with monkeypatch.context() as failing:
        failing.setattr(Captures, "add", None)
        assert till.report(notification) == ACKNOWLEDGED
    assert outcomes(till) == [None]
    till.ahead += notifications.FIRST_PAUSE
    notifications.judge_waiting(till.open_work)
    assert outcomes(till) == ["kept"]
    assert len(till.published(PaymentCaptured)) == 1


def test_money_in_another_currency_is_refunded(till):
    command = till.opened()
    _, body = till.pay(command)
    report(till, replace(till.wechat.notifications[body].about, amount=Money(8800, "USD")))
    assert outcomes(till) == ["returned"]


def test_money_with_a_discount_of_the_provider_is_refunded(till):
    command = till.opened()
    _, body = till.pay(command)
    report(till, replace(till.wechat.notifications[body].about, payer_total=yuan(80)))
    assert outcomes(till) == ["returned"]
    assert till.state(command) == "open"


def test_a_transaction_that_is_notified_for_another_payment_is_unidentified_and_pays_nothing(till):
    first, second = till.paid(), till.opened()
    (capture,) = till.rows("SELECT transaction_id FROM captures")
    again = a_payment(out_trade_no=till.number(second), amount=yuan(88), **capture)
    assert report(till, again) == ACKNOWLEDGED
    assert unidentified(till) == [("receipt", "transaction_of_another_payment", 8800, capture["transaction_id"])]
    assert [till.state(one) for one in (first, second)] == ["captured", "open"]


def test_a_transaction_that_is_notified_with_another_amount_is_unidentified(till):
    command = till.opened()
    _, body = till.pay(command)
    about = till.wechat.notifications[body].about
    for one in (about, replace(about, amount=yuan(1))):
        report(till, one)
    assert outcomes(till) == ["kept", "unidentified"]
    assert till.balances == {
        "provider_clearing:wechat": 8900,
        "merchant_payable": -8800,
        "unidentified_receipts": -100,
    }


def test_a_refund_made_by_hand_at_the_provider_is_booked_as_unidentified(till):
    command = till.paid()
    assert report(till, a_refund(till, command)) == ACKNOWLEDGED
    assert unidentified(till) == [("refund", "refund_not_found", 100, "50300001")]
    assert till.balances == {
        "provider_clearing:wechat": 8700,
        "merchant_payable": -8800,
        "unidentified_refunds": 100,
    }


@pytest.mark.parametrize("state", [RefundState.PROCESSING, RefundState.ABNORMAL, RefundState.CLOSED])
def test_a_refund_made_by_hand_that_has_not_arrived_is_only_stored(till, state):
    report(till, a_refund(till, till.paid(), state=state))
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


@pytest.mark.parametrize("other", ["amount", "payment", "currency"])
def test_a_notification_of_something_else_under_our_refund_number_completes_nothing(till, other):
    command = till.paid()
    requested = till.send(refund_payment(command))
    till.call_provider()
    wrong = {
        "amount": {"amount": yuan(1)},
        "payment": {"out_trade_no": till.number(till.paid()), "amount": yuan(88)},
        "currency": {"amount": Money(8800, "USD")},
    }[other]
    about = a_refund(till, command, out_refund_no=requested.body.refund_id.hex, **wrong)
    assert report(till, about) == ACKNOWLEDGED
    assert arrived(till) == []
    assert [why for _, why, _, _ in unidentified(till)] == ["differs_from_ours"]
    (attempt,) = till.rows("SELECT state, word FROM refund_attempts")
    assert attempt == {"state": "processing", "word": "differs_from_ours"}


def test_a_query_that_returns_something_else_under_our_number_completes_nothing(till):
    requested = till.send(refund_payment(till.paid()))
    till.call_provider()
    number = requested.body.refund_id.hex
    till.wechat.refunds[number] = replace(till.wechat.refunds[number], amount=yuan(1), state=RefundState.SUCCEEDED)
    till.later(seconds=6)
    assert arrived(till) == []
    assert [why for _, why, _, _ in unidentified(till)] == ["differs_from_ours"]


def test_a_number_that_belongs_to_something_else_at_the_provider_is_retried_ever_more_rarely(till):
    command = till.paid()
    requested = till.send(refund_payment(command))
    number = requested.body.refund_id.hex
    till.wechat.refunds[number] = a_refund(till, command, out_refund_no=number)
    till.wechat.refund = lambda *_: till.wechat._call("refund", till.wechat.refunds.get, number)
    till.call_provider()
    for _ in range(6):
        till.later(seconds=20)
    assert till.rows("SELECT error FROM provider_calls WHERE kind = 'refund'") == [{"error": "differs_from_ours"}]
    assert till.wechat.calls["refund"] < 7


@pytest.mark.parametrize("first", ["report", "query"])
def test_money_paid_in_another_app_is_booked_once_whether_notified_or_queried(till, first):
    command = till.opened()
    about = a_payment(out_trade_no=till.number(command), ours=False)
    if first == "report":
        report(till, about)
    till.wechat.payments[about.out_trade_no] = about
    till.later(minutes=1)
    report(till, about)
    assert unidentified(till) == [("receipt", "another_app", 500, "42001")]
    assert till.balances == {"provider_clearing:wechat": 500, "unidentified_receipts": -500}
    assert till.state(command) == "open"
    till.later(hours=2)
    assert till.state(command) == "cancelled"
    assert till.balances == {"provider_clearing:wechat": 500, "unidentified_receipts": -500}


def test_money_under_our_number_that_was_paid_in_another_app_has_its_own_reason(till):
    command = till.opened()
    report(till, a_payment(out_trade_no=till.number(command), ours=False))
    assert unidentified(till) == [("receipt", "another_app", 500, "42001")]
