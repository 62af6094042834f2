"""A refund is retried until it arrives: under the same number, or a new one once that is closed."""

from datetime import timedelta

import pytest

from payments.providers.model import Call, CallKind, pause, pause_after
from payments.providers.wechat.failures import FAILURES, refused
from payments.service import PROCEDURES
from services.payments.tests.builders import cancel_payment, yuan
from services.payments.tests.integration.test_refunding import arrive, arrived, refunded
from shared.ids import new_id

TEMPORARY = ["NO_AUTH", "NOT_ENOUGH", "FREQUENCY_LIMITED", "RULE_LIMIT", "USER_ACCOUNT_ABNORMAL"]


def attempts(till):
    rows = till.rows("SELECT attempt_id, state, result FROM refund_attempts ORDER BY position")
    return [(row["attempt_id"].hex, row["state"], row["result"]) for row in rows]


def states(till):
    return [state for _, state, _ in attempts(till)]


def refusing(monkeypatch, till, *refusals):
    """The provider refuses the next refund calls with these codes, without effect."""
    waiting, refund = list(refusals), till.wechat.refund

    def answer(*arguments):
        if waiting:
            raise refused(waiting.pop(0))
        return refund(*arguments)

    monkeypatch.setattr(till.wechat, "refund", answer)


def closed(till, requested):
    """The provider closes the newest attempt and notifies."""
    (newest, *_) = attempts(till)[-1]
    till.wechat.plan_refund(till.wechat.refunds[newest].out_trade_no, "close")
    till.report(till.wechat.let_arrive(newest))
    till.call_provider()


def test_a_refund_that_times_out_is_retried_with_the_same_number(till):
    command = till.paid()
    till.wechat.time_out("refund", calls=2, done=True)
    requested = refunded(till, command)
    till.later(seconds=2)
    till.later(seconds=4)
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]
    assert len(till.wechat.refunds) == 1


@pytest.mark.parametrize("code", TEMPORARY)
def test_after_any_refusal_the_same_number_is_retried_until_it_is_accepted(till, monkeypatch, code):
    refusing(monkeypatch, till, code, code, code)
    requested = refunded(till, till.paid())
    assert attempts(till) == [(requested.body.refund_id.hex, "requested", FAILURES[code])]
    for seconds in (2, 3, 5):
        till.later(seconds=seconds)
    assert states(till) == ["processing"]
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]
    assert till.balances == {}


def test_a_refusal_after_a_timeout_is_queried_since_the_first_call_may_have_been_accepted(till, monkeypatch):
    command = till.paid()
    till.wechat.time_out("refund", done=True)
    requested = refunded(till, command)
    refusing(monkeypatch, till, *["NO_AUTH"] * 50)
    till.later(seconds=2)
    assert states(till) == ["requested"]
    till.later(seconds=6)
    assert states(till) == ["processing"]
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]


def test_a_refund_that_the_provider_closes_is_retried_under_a_new_number_and_arrives(till):
    requested = refunded(till, till.paid())
    closed(till, requested)
    assert states(till) == ["closed", "requested"]
    assert till.balances == {"provider_clearing:wechat": 8800, "refunds_in_transit:wechat": -8800}
    till.later(minutes=1)
    (first, second) = [number for number, _, _ in attempts(till)]
    assert first == requested.body.refund_id.hex != second
    till.report(till.wechat.let_arrive(second))
    assert arrived(till) == [requested.body.refund_id]
    assert states(till) == ["closed", "succeeded"]
    assert till.balances == {}


def test_a_notification_that_a_refund_is_closed_is_not_enough_for_a_new_number(till):
    requested = refunded(till, till.paid())
    till.wechat.plan_refund(till.wechat.refunds[requested.body.refund_id.hex].out_trade_no, "close")
    till.report(till.wechat.let_arrive(requested.body.refund_id.hex))
    assert states(till) == ["processing"]
    till.wechat.time_out("query_refund")
    till.call_provider()
    assert states(till) == ["processing"]
    till.later(seconds=2)
    assert states(till) == ["closed", "requested"]


def test_the_pause_before_a_new_number_grows_with_each_closed_one(till):
    requested = refunded(till, till.paid())
    closed(till, requested)
    till.later(minutes=1)
    closed(till, requested)
    till.later(minutes=1)
    assert states(till) == ["closed", "closed", "requested"]
    till.later(minutes=1, seconds=1)
    assert states(till) == ["closed", "closed", "processing"]


def test_an_abnormal_refund_keeps_its_number_until_an_operator_has_resolved_it(till):
    command = till.paid()
    till.wechat.plan_refund(till.number(command), "abnormal")
    requested = refunded(till, command)
    arrive(till, requested)
    assert states(till) == ["abnormal"]
    till.later(days=3)
    assert states(till) == ["abnormal"]
    assert len(till.wechat.refunds) == 1
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]


def test_the_refund_of_an_unapplied_receipt_is_retried_after_a_refusal_or_a_close(till, monkeypatch):
    command = till.opened()
    till.send(cancel_payment(command))
    till.call_provider()
    refusing(monkeypatch, till, "NO_AUTH")
    till.report(till.wechat.pay_late(till.number(command)))
    till.call_provider()
    till.later(seconds=2)
    closed(till, None)
    assert till.balances == {"provider_clearing:wechat": 8800, "refunds_in_transit:wechat": -8800}
    till.later(minutes=2)
    till.report(till.wechat.let_arrive(attempts(till)[-1][0]))
    assert till.balances == {}


def test_a_closed_attempt_that_succeeds_completes_the_refund_and_the_next_one_is_not_made(till):
    requested = refunded(till, till.paid())
    closed(till, requested)
    till.report(till.wechat.let_arrive(requested.body.refund_id.hex))
    till.later(minutes=5)
    assert arrived(till) == [requested.body.refund_id]
    assert len(till.wechat.refunds) == 1
    assert till.balances == {}


def test_a_second_attempt_that_succeeds_is_booked_as_unidentified(till):
    requested = refunded(till, till.paid(), yuan(8))
    closed(till, requested)
    till.later(minutes=1)
    for number, _, _ in attempts(till):
        till.report(till.wechat.let_arrive(number))
    assert arrived(till) == [requested.body.refund_id]
    assert till.balances == {
        "provider_clearing:wechat": 7200,
        "merchant_payable": -8000,
        "unidentified_refunds": 800,
    }


def test_pauses_are_bounded_for_any_number_of_tries():
    for tries in (1, 41, 10_000, 10**9):
        for kind in CallKind:
            pauses = PROCEDURES[kind].pauses
            call = Call(kind=kind, key=new_id(), about=new_id(), tries=tries, pauses=pauses)
            assert timedelta() < pause(call) <= pauses.longest
        assert timedelta(minutes=1) <= pause_after(tries) <= timedelta(hours=6)


def test_a_refund_that_is_processing_for_days_is_queried_twice_an_hour(till):
    requested = refunded(till, till.paid())
    for _ in range(60):
        till.later(minutes=31)
    (call,) = till.rows("SELECT tries, due_at FROM provider_calls WHERE kind = 'query_refund'")
    assert call["tries"] == 60
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]


def test_each_attempt_requests_the_same_amount_of_the_same_payment(till):
    command = till.paid()
    requested = refunded(till, command, yuan(8))
    closed(till, requested)
    till.later(minutes=1)
    assert {(r.out_trade_no, r.amount) for r in till.wechat.refunds.values()} == {(till.number(command), yuan(8))}


def test_a_repeated_command_after_a_closed_attempt_is_still_accepted(till):
    requested = refunded(till, till.paid())
    closed(till, requested)
    assert till.answer(till.again(requested)) == till.answer(requested)
