"""A provider is one folder and one entry in the registry: here one that redirects the payer."""

import pytest
from sqlalchemy import text

from payments.providers.cash_on_delivery import CASH_ON_DELIVERY
from payments.providers.nothing import NOTHING
from payments.providers.registry import Registry
from payments.service import PaymentsService
from payments.taking.use_cases import notifications
from payments.work import Work
from services.payments.tests.builders import open_payment, part, refund_payment, yuan
from services.payments.tests.imaginary import declared
from services.payments.tests.imaginary.server import ImaginaryServer
from services.payments.tests.till import OPERATOR
from shared.auth import Caller
from shared.contracts.payments import PaymentCaptured, PaymentOpened, PaymentRefunded, Redirect, Standing


@pytest.fixture
def server():
    return ImaginaryServer()


@pytest.fixture
def till(till, server, monkeypatch):
    """Payments with the imaginary provider instead of WeChat Pay."""
    registry = Registry(declared(server), CASH_ON_DELIVERY, NOTHING)
    assert registry.connect() == ["imaginary", "cash_on_delivery", "nothing"]
    monkeypatch.setattr(PaymentsService.providers, "registry", registry)
    monkeypatch.setattr(Work, "providers", registry)
    return till


def report(till, notification, provider="imaginary"):
    headers, body = notification
    request = {"provider": provider, "headers": headers, "body": body}
    answer = till.service.receive_provider_notification(Caller(), request)
    notifications.process_waiting(till.open_work)
    return answer


def test_a_payment_is_opened_paid_and_refunded_through_a_provider_that_was_only_registered(till, server):
    command = open_payment(part(yuan(30)), part(yuan(58)))
    requested = till.send(command)
    till.call_provider()
    opened = till.answer(requested)
    assert isinstance(opened, PaymentOpened)
    assert opened.pay_action == Redirect(url=f"https://imaginary.example/pay/{till.number(command)}")

    answer = report(till, server.pay(till.number(command)))
    assert answer == {"media_type": "text/plain", "body": "ok"}
    (captured,) = till.published(PaymentCaptured)
    assert (captured.standing, captured.amount) == (Standing.KEPT, yuan(88))
    assert till.balances == {"merchant_payable": -8800, "provider_clearing:imaginary": 8800}

    refund = till.send(refund_payment(command)).body
    till.call_provider()
    assert till.balances["refunds_in_transit:imaginary"] == -3000
    report(till, server.let_arrive(refund.refund_id.hex))
    assert [each.refund_id for each in till.published(PaymentRefunded)] == [refund.refund_id]
    assert till.balances == {"merchant_payable": -5800, "provider_clearing:imaginary": 5800}


def test_late_money_is_refunded_automatically_through_the_same_provider(till, server):
    command = till.opened()
    till.later(minutes=31)
    report(till, server.pay_late(till.number(command)))
    till.call_provider()
    (number,) = server.returns
    report(till, server.let_arrive(number))
    assert till.state(command) == "cancelled"
    assert till.balances == {}


def test_refusals_of_a_new_provider_are_mapped_to_common_failures(till, server):
    command = till.opened()
    report(till, server.pay(till.number(command)))
    server.plan_refund(till.number(command), "refuse")
    till.send(refund_payment(command))
    till.call_provider()
    (attempt,) = till.rows("SELECT result FROM refund_attempts")
    (call,) = till.rows("SELECT error FROM provider_calls WHERE kind = 'refund'")
    assert attempt["result"] == "balance_insufficient"
    assert "I-POOR" in call["error"]


def test_a_notification_does_not_pay_a_payment_of_another_provider(till, server):
    command = till.opened()
    with till.open_work() as work:
        work.connection.execute(text("UPDATE payments SET provider = 'wechat'"))
    report(till, server.pay(till.number(command)))
    assert till.state(command) == "open"
    assert till.balances == {"provider_clearing:imaginary": 8800, "unidentified_receipts": -8800}


def test_operators_see_the_custody_of_a_new_provider(till):
    found = till.service.list_payment_method_details(OPERATOR, {})["items"][0]
    shown = (found["provider"], found["custody"], found["action"], found["enabled"])
    assert shown == ("imaginary", "provider", "redirect", True)
