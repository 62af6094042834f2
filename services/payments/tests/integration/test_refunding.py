"""RefundPayment: once per refund_id, never above what the order paid; once posted, payable until it arrives."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from payments.service import PaymentsService
from services.payments.tests.builders import line, open_payment, part, refund_payment, yuan
from services.payments.tests.till import OPERATOR
from shared.auth import Caller
from shared.contracts.payments import (
    LineKind,
    PaymentRefunded,
    RefundAccepted,
    RefundedLine,
    RefundFailed,
    RefundPayment,
)
from shared.ids import new_id
from shared.money import Money
from shared.permissions import Role
from shared.testing import deliver, envelope


def arrive(till, requested):
    """The provider completes a refund and notifies."""
    till.report(till.wechat.let_arrive(requested.body.refund_id.hex))


def refunded(till, command, amount=None, **known):
    requested = till.send(refund_payment(command, amount, **known))
    till.call_provider()
    return requested


def arrived(till):
    """The refunds published as arrived."""
    return [fact.refund_id for fact in till.published(PaymentRefunded)]


def test_a_refund_is_accepted_when_it_is_posted_and_published_once_when_it_has_arrived(till):
    command = till.paid()
    requested = till.send(refund_payment(command))
    answer = till.answer(requested)
    assert isinstance(answer, RefundAccepted)
    assert (answer.refund_id, answer.amount) == (requested.body.refund_id, yuan(88))
    assert till.balances == {"provider_clearing:wechat": 8800, "refunds_in_transit:wechat": -8800}
    till.call_provider()
    assert arrived(till) == []
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]
    assert till.balances == {}


def test_a_refund_whose_notification_is_lost_is_found_by_a_query(till):
    requested = refunded(till, till.paid())
    till.wechat.let_arrive(requested.body.refund_id.hex)
    till.later(seconds=6)
    assert arrived(till) == [requested.body.refund_id]


def test_ib_06_a_copy_after_the_inbox_was_purged_makes_no_second_refund(till):
    command = till.paid()
    requested = till.send(refund_payment(command))
    till.call_provider()
    with till.open_work() as work:
        work.connection.execute(text("DELETE FROM inbox"))
    deliver(PaymentsService, till.open_work, requested)
    till.call_provider()
    assert len(till.rows("SELECT FROM refunds")) == 1
    arrive(till, requested)
    assert {type(answer) for answer in till.answers(requested)} == {RefundAccepted}
    assert arrived(till) == [requested.body.refund_id]
    assert till.balances == {}


def test_a_repeated_refund_command_refunds_once_and_gets_a_reply_each_time(till):
    requested = refunded(till, till.paid())
    twice = till.again(requested)
    arrive(till, requested)
    thrice = till.again(requested)
    assert till.answer(requested) == till.answer(twice) == till.answer(thrice)
    assert till.wechat.calls["refund"] == 1
    assert arrived(till) == [requested.body.refund_id]
    assert till.balances == {}


def test_lesson_17_partial_refunds_stop_at_what_the_order_paid(till):
    command = till.paid(part(yuan(30)), part(yuan(58)))
    for amount in (yuan(10), yuan(19.99)):
        arrive(till, refunded(till, command, amount))
    too_much = till.answer(till.send(refund_payment(command, yuan(0.02))))
    assert isinstance(too_much, RefundFailed)
    assert too_much.reason == "refund_amount_exceeded"
    arrive(till, refunded(till, command, yuan(0.01)))
    assert till.balances == {"provider_clearing:wechat": 5800, "merchant_payable": -5800}


def test_refunded_lines_are_published_and_shown_and_never_exceed_what_was_paid(till):
    cups, fee = line(yuan(22), quantity=2), line(yuan(8), kind=LineKind.SHIPPING)
    command = till.paid(part(yuan(30), lines=(cups, fee)))
    back = (back_of(cups, yuan(11), pieces=1), back_of(fee, yuan(8)))
    requested = refunded(till, command, yuan(19), lines=back)
    assert till.answer(requested).lines == back
    for lines in [(back_of(cups, yuan(11), pieces=2),), (back_of(fee, yuan(0.01)), back_of(cups, yuan(10.99)))]:
        refused = till.answer(till.send(refund_payment(command, yuan(11), lines=lines)))
        assert refused.reason == "refund_amount_exceeded"
    arrive(till, requested)
    assert [fact.lines for fact in till.published(PaymentRefunded)] == [back]
    shown = till.service.get_payment_details(OPERATOR, {"payment_id": str(command.payment_id)})
    of_lines = [(li["refunded_quantity"], li["refunded"]["amount"]) for li in shown["parts"][0]["lines"]]
    assert of_lines == [(1, 1100), (0, 800)]
    assert {len(refund["lines"]) for refund in shown["refunds"]} == {1, 2}
    last = till.send(refund_payment(command, yuan(11), lines=(back_of(cups, yuan(11), pieces=1),)))
    assert isinstance(till.answer(last), RefundAccepted)


def back_of(paid, amount, pieces=0):
    return RefundedLine(line_id=paid.line_id, pieces=pieces, amount=amount)


def test_a_refund_whose_lines_have_another_sum_is_refused(till):
    command = till.paid()
    for lines in [
        (),
        (back_of(command.parts[0].lines[0], Money(100, "USD")),),
        (back_of(line(yuan(1)), yuan(1)),),
    ]:
        refused = till.answer(till.send(refund_payment(command, yuan(1), lines=lines)))
        assert refused.reason == "refund_amount_invalid"


def test_refunds_in_progress_count_against_the_limit(till):
    command = till.paid(part(yuan(30)))
    till.send(refund_payment(command, yuan(20)))
    assert isinstance(till.answer(till.send(refund_payment(command, yuan(10.01)))), RefundFailed)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"order_id": new_id()}, "order_not_found"),
        ({"payment_id": new_id()}, "payment_not_found"),
        ({"amount": yuan(0)}, "refund_amount_invalid"),
        ({"amount": yuan(-1)}, "refund_amount_invalid"),
    ],
)
def test_an_invalid_refund_fails_by_code(till, known, reason):
    requested = till.send(refund_payment(till.paid(), **known))
    assert [till.answer(one).reason for one in (requested, till.again(requested))] == [reason, reason]


def test_an_open_payment_cannot_be_refunded(till):
    assert till.answer(till.send(refund_payment(till.opened()))).reason == "payment_unpaid"


def test_a_payment_of_zero_cannot_be_refunded(till):
    command = open_payment(part(yuan(0)))
    till.send(command)
    assert till.answer(till.send(refund_payment(command, yuan(1)))).reason == "payment_unpaid"


def test_an_outdated_notification_changes_nothing(till):
    requested = refunded(till, till.paid())
    processing = till.wechat._notify(till.wechat.refunds[requested.body.refund_id.hex])
    arrive(till, requested)
    till.report(processing)
    assert arrived(till) == [requested.body.refund_id]
    assert till.balances == {}


def test_a_refused_refund_that_is_requested_again_after_a_fix_is_accepted_and_published(till):
    command = till.opened()
    requested = till.send(refund_payment(command))
    assert isinstance(till.answer(requested), RefundFailed)
    till.report(till.pay(command))
    again = till.again(requested)
    assert isinstance(till.answer(again), RefundAccepted)
    assert [type(fact) for fact in till.published((RefundAccepted, RefundFailed))] == [
        RefundFailed,
        RefundAccepted,
    ]
    till.call_provider()
    arrive(till, requested)
    assert arrived(till) == [requested.body.refund_id]
    assert till.balances == {}


def test_a_command_older_than_a_refusal_gets_the_same_refusal(till):
    command = till.opened()
    late = envelope(refund_payment(command))
    till.send(late.body)
    till.report(till.pay(command))
    deliver(PaymentsService, till.open_work, late)
    assert till.answer(late).reason == "payment_unpaid"
    assert till.rows("SELECT state FROM refunds") == [{"state": "failed"}]


FAILED_AT_THE_PROVIDER = """
    UPDATE refunds SET state = 'failed', failure = 'NOT_ENOUGH';
    UPDATE refund_attempts SET state = 'closed';
    UPDATE provider_calls SET due_at = NULL;
    UPDATE payment_parts SET refunded = 0;
    UPDATE payment_lines SET refunded = 0;
    INSERT INTO ledger_postings SELECT gen_random_uuid(), 'refund_failed', about, payment_id, now()
        FROM ledger_postings WHERE kind = 'refund_requested';
    INSERT INTO ledger_entries SELECT f.posting_id, line, account, currency, -amount, order_id FROM ledger_entries
        JOIN ledger_postings USING (posting_id) CROSS JOIN ledger_postings f
        WHERE ledger_postings.kind = 'refund_requested' AND f.kind = 'refund_failed';
    UPDATE ledger_accounts a SET balance = (SELECT sum(amount) FROM ledger_entries e WHERE e.account = a.name);
"""


@pytest.fixture
def failed(till):
    """A refund stored as failed at the provider, as earlier versions did."""
    requested = till.send(refund_payment(till.paid(), yuan(8)))
    with till.open_work() as work:
        work.connection.execute(text(FAILED_AT_THE_PROVIDER))
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}
    return requested


def test_a_refund_that_once_failed_at_the_provider_is_accepted_when_it_is_requested_again(till, failed):
    again = till.again(failed)
    assert isinstance(till.answer(again), RefundAccepted)
    assert till.balances == {
        "provider_clearing:wechat": 8800,
        "refunds_in_transit:wechat": -800,
        "merchant_payable": -8000,
    }
    till.call_provider()
    arrive(till, failed)
    assert arrived(till) == [failed.body.refund_id]
    assert till.balances == {"provider_clearing:wechat": 8000, "merchant_payable": -8000}


def test_a_refund_that_once_failed_at_the_provider_is_not_accepted_above_what_the_order_paid(till, failed):
    (payment,) = till.rows("SELECT payment_id FROM payments")
    other = {"payment_id": payment["payment_id"], "order_id": failed.body.order_id, "refund_id": new_id()}
    lines = (replace(failed.body.lines[0], amount=yuan(81)),)
    till.send(RefundPayment(**other, amount=yuan(81), lines=lines, reason="changed my mind"))
    assert till.answer(till.again(failed)).reason == "refund_amount_exceeded"


def test_a_failed_refund_that_the_provider_pays_all_the_same_is_unidentified(till, failed):
    number, (payment,) = failed.body.refund_id.hex, till.rows("SELECT attempt_id FROM payments")
    till.wechat._refund(number, payment["attempt_id"].hex, yuan(8), yuan(88))
    till.report(till.wechat.let_arrive(number))
    (found,) = till.rows("SELECT unidentified_id, why FROM unidentified")
    assert found["why"] == "not_payable"
    till.again(failed)
    about = {"unidentified_id": str(found["unidentified_id"]), "refund_ids": [str(failed.body.refund_id)]}
    operator = Caller(user_id=new_id(), roles=frozenset({Role.OPERATOR}))
    till.service.assign_unidentified(operator, {**about, "note": "it is this one"})
    assert arrived(till) == [failed.body.refund_id]
    assert till.balances == {"provider_clearing:wechat": 8000, "merchant_payable": -8000}
