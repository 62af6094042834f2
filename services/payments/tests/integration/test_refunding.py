"""RefundPayment: once per refund_id, never above what the order paid, and told only when it is certain."""

import pytest
from sqlalchemy import text

from payments import metrics
from payments.provider import ProviderRefund, ProviderRefused, RefundState
from payments.service import PaymentsService
from services.payments.tests.builders import open_payment, part, refund_payment, yuan
from shared.contracts.payments import PaymentRefunded, RefundFailed
from shared.ids import new_id
from shared.testing import deliver


def arrive(till, asked):
    """The provider finishes a refund and reports it."""
    till.report(till.wechat.let_arrive(asked.body.refund_id.hex))


def refunded(till, command, amount=None, **known):
    asked = till.tell(refund_payment(command, amount, **known))
    till.ask_provider()
    return asked


def test_a_refund_is_told_when_the_money_has_arrived(till):
    command = till.paid()
    asked = refunded(till, command)
    assert till.answers(asked) == []
    assert till.balances == {"at_wechat": 8800, "refunds_in_transit": -8800}
    arrive(till, asked)
    answer = till.answer(asked)
    assert isinstance(answer, PaymentRefunded)
    assert (answer.refund_id, answer.amount) == (asked.body.refund_id, yuan(88))
    assert till.balances == {}


def test_a_refund_whose_report_got_lost_is_found_by_asking(till):
    asked = refunded(till, till.paid())
    till.wechat.let_arrive(asked.body.refund_id.hex)
    till.later(seconds=6)
    assert isinstance(till.answer(asked), PaymentRefunded)


def test_ib_06_a_copy_that_the_inbox_has_forgotten_sends_no_money_again(till):
    command = till.paid()
    asked = till.tell(refund_payment(command))
    till.ask_provider()
    with till.open_work() as work:
        work.connection.execute(text("DELETE FROM inbox"))
    deliver(PaymentsService, till.open_work, asked)
    till.ask_provider()
    assert len(till.rows("SELECT FROM refunds")) == 1
    arrive(till, asked)
    assert {type(answer) for answer in till.answers(asked)} == {PaymentRefunded}
    assert till.balances == {}


def test_a_repeated_refund_sends_money_once_and_is_answered_each_time(till):
    asked = refunded(till, till.paid())
    twice = till.again(asked)
    arrive(till, asked)
    thrice = till.again(asked)
    assert till.answer(asked) == till.answer(twice) == till.answer(thrice)
    assert till.wechat.calls["refund"] == 1
    assert till.balances == {}


def test_lesson_17_partial_refunds_stop_at_what_the_order_paid(till):
    command = till.paid(part(yuan(30)), part(yuan(58)))
    for amount in (yuan(10), yuan(19.99)):
        arrive(till, refunded(till, command, amount))
    too_much = till.answer(till.tell(refund_payment(command, yuan(0.02))))
    assert isinstance(too_much, RefundFailed)
    assert too_much.reason == "refund_exceeds_payment"
    arrive(till, refunded(till, command, yuan(0.01)))
    assert till.balances == {"at_wechat": 5800, "merchant_payable": -5800}


def test_refunds_on_their_way_count_against_the_ceiling(till):
    command = till.paid(part(yuan(30)))
    till.tell(refund_payment(command, yuan(20)))
    assert isinstance(till.answer(till.tell(refund_payment(command, yuan(10.01)))), RefundFailed)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"order_id": new_id()}, "order_unknown"),
        ({"payment_id": new_id()}, "payment_unknown"),
        ({"amount": yuan(0)}, "wrong_amount"),
        ({"amount": yuan(-1)}, "wrong_amount"),
    ],
)
def test_an_impossible_refund_fails_by_code(till, known, reason):
    asked = till.tell(refund_payment(till.paid(), **known))
    assert [till.answer(one).reason for one in (asked, till.again(asked))] == [reason, reason]


def test_nothing_goes_back_of_a_payment_that_is_only_open(till):
    assert till.answer(till.tell(refund_payment(till.opened()))).reason == "not_paid"


def test_a_silent_provider_is_asked_again_with_the_same_number(till):
    command = till.paid()
    till.wechat.fall_silent("refund", calls=2, done=True)
    asked = refunded(till, command)
    till.later(seconds=2)
    till.later(seconds=4)
    arrive(till, asked)
    assert isinstance(till.answer(asked), PaymentRefunded)
    assert len(till.wechat.refunds) == 1


def refusing(monkeypatch, till, *refusals):
    """The provider answers the next refunds so, whatever it has of them."""
    waiting, refund = list(refusals), till.wechat.refund

    def answer(*arguments):
        if waiting:
            raise ProviderRefused(waiting.pop())
        return refund(*arguments)

    monkeypatch.setattr(till.wechat, "refund", answer)


def test_a_refusal_after_a_silence_is_believed_only_if_the_provider_has_no_such_refund(till, monkeypatch):
    """The first try was taken, and its answer lost: the money goes back, whatever is said to the second."""
    command = till.paid()
    till.wechat.fall_silent("refund", done=True)
    asked = refunded(till, command)
    refusing(monkeypatch, till, "RULE_LIMIT")
    till.later(seconds=2)
    assert till.answers(asked) == []
    till.later(seconds=6)
    arrive(till, asked)
    assert isinstance(till.answer(asked), PaymentRefunded)


def test_a_refusal_after_a_silence_that_nothing_came_of_is_a_refusal(till, monkeypatch):
    command = till.paid()
    till.wechat.fall_silent("refund")
    asked = refunded(till, command)
    refusing(monkeypatch, till, "RULE_LIMIT")
    till.later(seconds=2)
    till.later(seconds=6)
    assert till.answer(asked).reason == "refused_by_provider"
    assert till.balances == {"at_wechat": 8800, "merchant_payable": -8800}


def test_money_that_arrives_after_its_refund_was_told_to_have_failed_calls_for_a_person(till, monkeypatch):
    command = till.paid()
    refusing(monkeypatch, till, "RULE_LIMIT")
    asked = refunded(till, command)
    assert isinstance(till.answer(asked), RefundFailed)
    before = metrics.stuck._value.get()
    about = ProviderRefund(
        out_refund_no=asked.body.refund_id.hex,
        out_trade_no=till.number(command),
        refund_id="1",
        state=RefundState.SUCCEEDED,
        amount=asked.body.amount,
    )
    till.report(till.wechat._notify(about))
    assert metrics.stuck._value.get() == before + 1


def test_a_provider_without_our_money_is_asked_again_later(till):
    command = till.paid()
    till.wechat.plan_refund(till.number(command), "refuse")
    asked = refunded(till, command)
    assert till.answers(asked) == []
    till.later(seconds=2)
    arrive(till, asked)
    assert isinstance(till.answer(asked), PaymentRefunded)


def test_a_refund_that_the_provider_closes_fails_and_the_money_is_the_orders_again(till):
    command = till.paid()
    till.wechat.plan_refund(till.number(command), "close")
    asked = refunded(till, command)
    arrive(till, asked)
    failed = till.answer(asked)
    assert isinstance(failed, RefundFailed)
    assert failed.reason == "closed_by_provider"
    assert till.balances == {"at_wechat": 8800, "merchant_payable": -8800}
    arrive(till, refunded(till, command))
    assert till.balances == {}


def test_a_refund_that_a_person_has_to_settle_is_neither_done_nor_failed(till):
    command = till.paid()
    till.wechat.plan_refund(till.number(command), "abnormal")
    asked = refunded(till, command)
    arrive(till, asked)
    assert till.answers(asked) == []
    arrive(till, asked)
    assert isinstance(till.answer(asked), PaymentRefunded)


def test_an_older_report_after_a_newer_one_changes_nothing(till):
    asked = refunded(till, till.paid())
    processing = till.wechat._notify(till.wechat.refunds[asked.body.refund_id.hex])
    arrive(till, asked)
    till.report(processing)
    assert isinstance(till.answer(asked), PaymentRefunded)


def test_a_report_of_a_refund_made_by_hand_is_taken_and_changes_nothing(till):
    command = till.paid()
    number = till.number(command)
    till.wechat.refund("by-hand-1", number, yuan(1), yuan(88), "")
    assert till.report(till.wechat.let_arrive("by-hand-1")) == {"code": "SUCCESS"}
    assert till.balances == {"at_wechat": 8800, "merchant_payable": -8800}


def test_a_refund_of_a_payment_that_cost_nothing_fails(till):
    command = open_payment(part(yuan(0)))
    till.tell(command)
    assert till.answer(till.tell(refund_payment(command, yuan(1)))).reason == "not_paid"
