"""OpenPayment: one payment, one call to the provider, and always a reply."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from payments.providers.wechat.failures import refused
from payments.service import PaymentsService
from services.payments.tests.builders import cash_on_delivery, line, open_payment, part, yuan
from services.payments.tests.till import OPERATOR
from shared.contracts.payments import (
    DiscountShares,
    LineKind,
    Method,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentOpened,
    PaymentRefused,
    Standing,
)
from shared.ids import new_id
from shared.money import Money
from shared.shapes import dump
from shared.testing import deliver


def test_a_wechat_payment_is_opened_with_a_qr_code(till):
    command = open_payment(part(yuan(30)), part(yuan(58)))
    requested = till.send(command)
    assert till.answers(requested) == []
    till.call_provider()
    opened = till.answer(requested)
    assert isinstance(opened, PaymentOpened)
    assert (opened.amount, opened.checkout_id) == (yuan(88), command.checkout_id)
    assert opened.pay_action.content.startswith("weixin://")


def test_the_lines_of_a_payment_are_stored_and_shown_to_operators(till):
    borne = DiscountShares(shop=yuan(2), platform=yuan(1))
    cups = line(yuan(22), quantity=3, category="居家 > 茶具", tax=yuan(2.53), discount=borne)
    given = (cups, line(yuan(0)), line(yuan(8), kind=LineKind.SHIPPING))
    command = till.opened(part(yuan(30), lines=given), part(yuan(58)))
    shown = till.service.get_payment_details(OPERATOR, {"payment_id": str(command.payment_id)})
    parts = {each["order_id"]: each["lines"] for each in shown["parts"]}
    nothing = {"refunded_quantity": 0, "refunded": dump(yuan(0))}
    assert parts == {
        str(each.order_id): [{**dump(line), **nothing} for line in each.lines] for each in command.parts
    }


def test_a_later_reply_belongs_to_the_request(till):
    requested = till.send(open_payment())
    till.call_provider()
    (row,) = till.rows("SELECT queue, headers FROM outbox WHERE kind = 'reply'")
    assert row["queue"] == f"{requested.source}:{PaymentOpened.topic}"
    assert row["headers"]["correlation_id"] == str(requested.correlation_id)
    assert row["headers"]["in_reply_to"] == str(requested.message_id)


def test_a_repeated_command_calls_the_provider_once(till):
    requested = till.send(open_payment())
    twice = till.again(requested)
    till.call_provider()
    thrice = till.again(requested)
    assert {type(till.answer(one)) for one in (requested, twice, thrice)} == {PaymentOpened}
    assert till.wechat.calls["open"] == 1


def test_cash_on_delivery_is_authorized_at_once(till):
    requested = till.send(cash_on_delivery())
    assert isinstance(till.answer(requested), PaymentAuthorized)
    assert not till.wechat.calls


@pytest.mark.parametrize("method", Method)
def test_nothing_to_pay_is_captured_as_zero_at_once(till, method):
    requested = till.send(open_payment(part(yuan(0)), method=method))
    captured = till.answer(requested)
    assert isinstance(captured, PaymentCaptured)
    assert (captured.amount, captured.standing) == (yuan(0), Standing.KEPT)
    assert not till.wechat.calls
    assert till.balances == {}


def twice_the_same_order():
    once = part(yuan(10))
    return open_payment(once, once)


def twice_the_same_line():
    half = line(yuan(5))
    return open_payment(part(yuan(10), lines=(half, half)))


@pytest.mark.parametrize(
    ("make_command", "reason"),
    [
        (lambda: open_payment(part(yuan(5)), amount=yuan(6)), "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(-5)), part(yuan(15))), "parts_do_not_add_up"),
        (twice_the_same_order, "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(5), lines=())), "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(5), lines=(line(yuan(4)),))), "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(5), lines=(line(yuan(6)), line(yuan(-1))))), "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(5), lines=(line(yuan(5), quantity=0),))), "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(5), lines=(line(yuan(5), tax=yuan(6)),))), "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(5), lines=(line(Money(500, "USD")),))), "parts_do_not_add_up"),
        (twice_the_same_line, "parts_do_not_add_up"),
        (lambda: open_payment(part(Money(5, "USD"))), "currency_not_supported"),
        (lambda: open_payment(part(Money(5, "USD")), amount=yuan(0.05)), "parts_do_not_add_up"),
        (lambda: open_payment(part(yuan(-5))), "parts_do_not_add_up"),
        (lambda: open_payment(pay_within=0), "no_time_to_pay"),
        (lambda: open_payment(method=Method.NOTHING), "method_does_not_fit"),
    ],
)
def test_an_invalid_payment_is_refused_by_code_without_a_provider_call(till, make_command, reason):
    requested = till.send(make_command())
    till.call_provider()
    refused = till.answer(requested)
    assert isinstance(refused, PaymentRefused)
    assert refused.reason == reason
    assert not till.wechat.calls
    assert till.service.audit_sums(None, {}) == {"items": [], "checked": 1, "next": None}


def test_a_method_that_is_switched_off_opens_no_new_payments_and_finishes_open_ones(till):
    before = till.opened()
    turned = {"name": "pay.wechat", "is_on": False, "reason": "the provider announces work"}
    ann = replace(OPERATOR, user_id=new_id())
    till.service.set_switch(ann, turned)
    requested = till.send(open_payment())
    till.call_provider()
    refused = till.answer(requested)
    assert isinstance(refused, PaymentRefused)
    assert refused.reason == "payment_method_switched_off"
    assert isinstance(till.answer(till.send(cash_on_delivery())), PaymentAuthorized)
    till.report(till.pay(before))
    assert till.state(before) == "captured"
    assert isinstance(till.answer(till.send(before)), PaymentOpened | PaymentCaptured)
    till.service.set_switch(ann, {**turned, "is_on": True})
    assert till.state(till.opened()) == "open"
    assert till.answer(till.again(requested)).reason == "payment_method_switched_off"
    assert till.service.audit_sums(None, {})["items"] == []


def test_dl_12_a_command_past_its_deadline_is_refused_and_stays_refused(till):
    requested = till.send(open_payment(), not_after=datetime.now(UTC) - timedelta(seconds=1))
    again = till.again(requested)
    assert [till.answer(one).reason for one in (requested, again)] == ["too_late", "too_late"]


def test_a_deadline_does_not_cancel_an_open_payment(till):
    command = till.opened()
    late = till.send(command, not_after=datetime.now(UTC) - timedelta(seconds=1))
    assert isinstance(till.answer(late), PaymentOpened)


def test_the_time_to_pay_starts_when_the_payment_is_opened_however_late_the_command_is(till):
    command = open_payment(pay_within=1800)
    till.ahead = timedelta(hours=2)
    opening = datetime.now(UTC) + till.ahead
    till.send(command)
    assert timedelta(0) <= till.row(command)["expires_at"] - opening - timedelta(minutes=30) < timedelta(minutes=1)


def test_an_opening_that_times_out_is_retried_with_the_same_number(till):
    till.wechat.time_out("open", calls=2, done=True)
    requested = till.send(open_payment())
    till.call_provider()
    assert till.answers(requested) == []
    till.later(seconds=2)
    till.later(seconds=4)
    assert isinstance(till.answer(requested), PaymentOpened)
    assert len(till.wechat.payments) == 1


def test_a_payment_without_any_response_until_its_expiry_is_refused_and_closed(till):
    till.wechat.time_out("open", calls=10_000)
    requested = till.send(open_payment())
    till.later(minutes=31)
    assert till.answer(requested).reason == "provider_silent"
    assert till.wechat.calls["close"] == 1


@pytest.mark.parametrize(("code", "reason"), [("PARAM_ERROR", "request_invalid"), ("NEW_ONE", "rejected")])
def test_a_refusal_of_the_provider_becomes_a_reason_and_its_code_is_stored(till, monkeypatch, code, reason):
    def refuse(*_):
        raise refused(code, "no")

    monkeypatch.setattr(till.wechat, "open", refuse)
    requested = till.send(open_payment())
    till.call_provider()
    assert till.answer(requested).reason == reason
    (call,) = till.rows("SELECT error FROM provider_calls WHERE kind = 'open'")
    assert code in call["error"]


def test_a_batch_of_commands_is_handled_in_one_transaction(till):
    commands = [open_payment() for _ in range(5)]
    deliver(PaymentsService, till.open_work, *commands)
    till.call_provider()
    assert {opened.payment_id for opened in till.published(PaymentOpened)} == {c.payment_id for c in commands}
