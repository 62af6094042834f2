"""RefundPayment: once per refund_id, never above what the order paid; once booked, it is owed until it arrives."""

import pytest
from sqlalchemy import text

from payments.service import PaymentsService
from services.payments.tests.builders import open_payment, part, refund_payment, yuan
from shared.contracts.payments import PaymentRefunded, RefundAccepted, RefundFailed
from shared.ids import new_id
from shared.testing import deliver


def arrive(till, asked):
    """The provider finishes a refund and reports it."""
    till.report(till.wechat.let_arrive(asked.body.refund_id.hex))


def refunded(till, command, amount=None, **known):
    asked = till.tell(refund_payment(command, amount, **known))
    till.ask_provider()
    return asked


def arrived(till):
    """The refunds of which the money was told to have arrived."""
    return [fact.refund_id for fact in till.said(PaymentRefunded)]


def test_a_refund_is_accepted_when_it_is_booked_and_told_once_when_the_money_has_arrived(till):
    command = till.paid()
    asked = till.tell(refund_payment(command))
    answer = till.answer(asked)
    assert isinstance(answer, RefundAccepted)
    assert (answer.refund_id, answer.amount) == (asked.body.refund_id, yuan(88))
    assert till.balances == {"at_wechat": 8800, "refunds_in_transit": -8800}
    till.ask_provider()
    assert arrived(till) == []
    arrive(till, asked)
    assert arrived(till) == [asked.body.refund_id]
    assert till.balances == {}


def test_a_refund_whose_report_got_lost_is_found_by_asking(till):
    asked = refunded(till, till.paid())
    till.wechat.let_arrive(asked.body.refund_id.hex)
    till.later(seconds=6)
    assert arrived(till) == [asked.body.refund_id]


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
    assert {type(answer) for answer in till.answers(asked)} == {RefundAccepted}
    assert arrived(till) == [asked.body.refund_id]
    assert till.balances == {}


def test_a_repeated_refund_sends_money_once_and_is_answered_each_time(till):
    asked = refunded(till, till.paid())
    twice = till.again(asked)
    arrive(till, asked)
    thrice = till.again(asked)
    assert till.answer(asked) == till.answer(twice) == till.answer(thrice)
    assert till.wechat.calls["refund"] == 1
    assert arrived(till) == [asked.body.refund_id]
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


def test_a_refund_of_a_payment_that_cost_nothing_fails(till):
    command = open_payment(part(yuan(0)))
    till.tell(command)
    assert till.answer(till.tell(refund_payment(command, yuan(1)))).reason == "not_paid"


def test_an_older_report_after_a_newer_one_changes_nothing(till):
    asked = refunded(till, till.paid())
    processing = till.wechat._notify(till.wechat.refunds[asked.body.refund_id.hex])
    arrive(till, asked)
    till.report(processing)
    assert arrived(till) == [asked.body.refund_id]
    assert till.balances == {}
