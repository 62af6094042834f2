"""Receiving money: notified or found by a query, in time, late, twice, or with a wrong amount."""

import secrets
from dataclasses import replace

import pytest

from payments.providers.interface import PaymentState
from payments.taking.model.notifications import Forged
from services.payments.tests.builders import cancel_payment, open_payment, part, yuan
from services.payments.tests.till import ACKNOWLEDGED
from shared.contracts.payments import PaymentCaptured, PaymentOpened, Standing
from shared.ids import new_id
from shared.money import Money


def standings(till):
    return [captured.standing for captured in till.published(PaymentCaptured)]


def another(till, notification, **changes):
    """A genuine notification like this one, of another transaction."""
    _, body = notification
    known = till.wechat.notifications[body]
    about = replace(known.about, transaction_id=secrets.token_hex(14), **changes)
    return till.wechat._notify(about)


def test_notified_money_is_kept_and_posted_per_merchant(till):
    one, two = part(yuan(30)), part(yuan(58))
    till.paid(one, two)
    (captured,) = till.published(PaymentCaptured)
    assert (captured.amount, captured.standing, captured.order_id) == (yuan(88), Standing.KEPT, None)
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


@pytest.mark.parametrize("headers", [{}, {"Wechatpay-Timestamp": "0"}])
def test_a_forged_notification_is_refused_and_changes_nothing(till, headers):
    command = till.opened()
    _, body = till.pay(command)
    with pytest.raises(Forged) as refusal:
        till.report((headers, body))
    assert refusal.value.code == "notification_forged"
    assert till.state(command) == "open"
    assert till.rows("SELECT * FROM provider_notifications") == []


def test_a_failed_attempt_leaves_the_payment_open(till):
    command = till.opened()
    till.wechat.fail(till.number(command))
    till.later(seconds=6)
    assert till.state(command) == "open"


def test_a_repeated_notification_gets_the_same_response_and_changes_nothing(till):
    notification = till.pay(till.opened())
    answers = [till.report(notification) for _ in range(3)]
    assert answers == [ACKNOWLEDGED] * 3
    assert standings(till) == [Standing.KEPT]
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


def test_two_notifications_of_one_transaction_count_once(till):
    notification = till.pay(till.opened())
    till.report(notification)
    till.report(till.wechat._notify(till.wechat.notifications[notification[1]].about))
    assert standings(till) == [Standing.KEPT]
    outcomes = till.rows("SELECT outcome FROM provider_notifications ORDER BY received_at")
    assert [row["outcome"] for row in outcomes] == ["kept", "known"]  # one that failed would be processed again


def test_lesson_08_a_payment_whose_notification_is_lost_is_found_by_a_query(till):
    command = till.opened()
    till.pay(command)
    till.later(seconds=6)
    assert standings(till) == [Standing.KEPT]
    assert till.state(command) == "captured"


def test_lesson_08_a_notification_after_the_query_changes_nothing(till):
    command = till.opened()
    notification = till.pay(command)
    till.later(seconds=6)
    till.report(notification)
    assert standings(till) == [Standing.KEPT]


def test_an_unpaid_payment_is_queried_with_growing_pauses_and_finally_closed(till):
    command = till.opened()
    for _ in range(120):
        till.later(seconds=15)
    assert 5 < till.wechat.calls["query"] < 20
    till.later(seconds=60)
    assert till.state(command) == "cancelled"
    assert till.wechat.payments[till.number(command)].state is PaymentState.CLOSED


def test_lesson_09_of_two_captures_one_is_kept_the_other_refunded_and_the_ledger_balances(till):
    command = till.opened()
    notification = till.pay(command)
    second = another(till, notification)
    till.report(notification)
    till.report(second)
    assert standings(till) == [Standing.KEPT, Standing.RETURNED]
    assert till.balances["provider_clearing:wechat"] == 2 * 8800
    till.arrive_all()
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}
    assert till.published(PaymentCaptured)[1].payment_id == command.payment_id


def test_lesson_09_money_of_an_attempt_that_is_no_longer_open_is_refunded(till):
    command = till.opened()
    notification = till.pay(command)
    earlier = new_id()
    with till.open_work() as work:
        work.payments.add_attempt(work.payments.lock(command.payment_id), earlier)
    till.report(another(till, notification, out_trade_no=earlier.hex))
    assert standings(till) == [Standing.RETURNED]
    till.report(notification)
    assert standings(till) == [Standing.RETURNED, Standing.KEPT]


@pytest.mark.parametrize("amount", [yuan(0.01), yuan(88.01), Money(8800, "USD")])
def test_a_wrong_amount_or_currency_is_refunded_and_the_right_one_can_still_be_paid(till, amount):
    command = till.opened()
    notification = till.pay(command)
    till.report(another(till, notification, amount=amount))
    assert till.state(command) == "open"
    till.report(notification)
    assert standings(till) == [Standing.RETURNED, Standing.KEPT]
    assert till.balances["merchant_payable"] == -8800


def test_lesson_10_a_notification_received_ten_times_has_one_effect(till):
    notification = till.pay(till.opened())
    for _ in range(10):
        assert till.report(notification) == ACKNOWLEDGED
    assert len(till.rows("SELECT * FROM captures")) == 1


def test_lesson_11_a_notification_before_the_opening_returns_leads_to_the_same_state(till):
    command = open_payment()
    requested = till.send(command)
    number = till.number(command)
    till.wechat.open(number, command.description, command.amount, till.row(command)["expires_at"])
    till.report(till.wechat.pay(number))
    assert isinstance(till.answer(requested), PaymentCaptured)
    till.call_provider()
    assert till.state(command) == "captured"
    assert till.published(PaymentOpened) == []
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


def test_lesson_11_a_paid_opening_whose_response_was_lost_is_found(till):
    command = open_payment()
    till.send(command)
    till.wechat.time_out("open", done=True)
    till.call_provider()
    till.pay(command)
    till.later(seconds=2)
    assert till.state(command) == "captured"


def test_lesson_12_money_received_after_the_cancellation_is_refunded_automatically(till):
    command = till.opened()
    till.send(cancel_payment(command))
    till.call_provider()
    till.report(till.wechat.pay_late(till.number(command)))
    assert standings(till) == [Standing.RETURNED]
    till.arrive_all()
    assert till.balances == {}
    (refund,) = till.rows("SELECT * FROM refunds")
    assert (refund["state"], refund["order_id"]) == ("succeeded", None)


def test_lesson_12_money_received_after_the_expiry_is_refunded_automatically(till):
    command = till.opened()
    till.later(minutes=31)
    till.report(till.wechat.pay_late(till.number(command)))
    assert standings(till) == [Standing.RETURNED]
    assert till.state(command) == "cancelled"


def test_a_payment_in_the_last_second_is_kept_though_its_notification_is_lost(till):
    command = till.opened()
    till.pay(command)
    till.later(minutes=31)
    assert standings(till) == [Standing.KEPT]
