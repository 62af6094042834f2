"""Payments with the real adapter on the sandbox, which checks every signature; finally as a process."""

import os
import secrets
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from payments.providers.wechat.adapter import WeChatPay
from payments.providers.wechat.merchant import Merchant
from payments.service import PaymentsService
from payments.taking.model.notifications import Forged
from sandbox.testing import notification_receiver, running_sandbox
from services.payments.tests.builders import cancel_payment, open_payment, refund_payment, yuan
from services.payments.tests.till import Till
from shared import topology
from shared.contracts.payments import PaymentCancelled, PaymentCaptured, PaymentOpened, PaymentRefunded, Standing
from shared.link import connect
from shared.provider_calls.worker import LEASE
from shared.testing import envelope, eventually
from shared.testing.processes import processes, service_and_relay
from shared.testing.publishing import publish


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="module")
def box():
    with notification_receiver() as open_box:
        yield open_box


@pytest.fixture
def wechat(sandbox, box, monkeypatch):
    with patch.dict(os.environ, sandbox.merchant_settings(box.url)):
        adapter = WeChatPay(Merchant.from_environment())
    monkeypatch.setitem(PaymentsService.providers.registry.adapters, "wechat", adapter)
    return adapter


@pytest.fixture
def till(open_work, wechat):
    return Till(open_work, wechat)


def press(sandbox, till, command, button):
    return sandbox.control(f"transactions/{till.number(command)}/{button}")


def last_report(sandbox, box, till, command):
    """Wait for the newest notification of this payment and return it."""
    sent = sandbox.transaction(till.number(command))["notifications"]
    return box.notification(sent[-1]["id"])


def test_a_payment_is_scanned_notified_and_refunded(sandbox, box, till):
    command = till.opened()
    sandbox.control("pay", code_url=till.row(command)["pay_action"]["content"])
    till.report(last_report(sandbox, box, till, command))
    assert [captured.standing for captured in till.published(PaymentCaptured)] == [Standing.KEPT]
    requested = till.send(refund_payment(command))
    till.call_provider()

    def refund_is_settled():
        till.later(seconds=10)
        return till.published(PaymentRefunded)

    (fact,) = eventually(refund_is_settled)
    assert fact.refund_id == requested.body.refund_id
    assert till.balances == {}


def die_after_the_call(till):
    """Make the due calls as a worker that dies before it stores the results."""
    made = till.worker.claim(till.open_work, 10)
    for provider_call in made:
        provider_call.make()
    till.ahead += LEASE
    return len(made)


def test_ib_07_a_repeated_provider_call_has_the_attempts_or_refunds_id_and_one_effect(sandbox, box, till):
    command = open_payment()
    till.send(command)
    assert die_after_the_call(till) == 1
    till.call_provider()
    sandbox.control("pay", code_url=till.row(command)["pay_action"]["content"])
    till.report(last_report(sandbox, box, till, command))
    requested = till.send(
        refund_payment(command, yuan(40))
    )  # less than half, so that a second one would be possible
    assert die_after_the_call(till) == 1
    till.again(requested)
    till.call_provider()
    (calls,) = till.rows("SELECT tries FROM provider_calls WHERE kind = 'refund'")
    assert calls["tries"] == 2
    (refund,) = sandbox.transaction(till.row(command)["attempt_id"].hex)["refunds"]
    assert (refund["out_refund_no"], refund["amount"]) == (requested.body.refund_id.hex, 4000)


def test_a_late_payment_is_refunded_automatically(sandbox, box, till):
    command = till.opened()
    requested = till.send(cancel_payment(command))
    till.call_provider()
    assert isinstance(till.answer(requested), PaymentCancelled)
    press(sandbox, till, command, "pay-late")
    till.report(last_report(sandbox, box, till, command))
    assert [captured.standing for captured in till.published(PaymentCaptured)] == [Standing.RETURNED]

    def is_refunded():
        till.later(seconds=10)
        return till.balances == {}

    eventually(is_refunded)


def test_a_notification_with_one_changed_byte_is_forged(sandbox, box, till):
    command = till.opened()
    press(sandbox, till, command, "pay")
    headers, body = last_report(sandbox, box, till, command)
    with pytest.raises(Forged):
        till.report((headers, body.replace("TRANSACTION", "TRANSACTIQN")))
    assert till.state(command) == "open"


@pytest.fixture(scope="module")
def vhost(servers):
    name = f"test_{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


@pytest.fixture(scope="module")
def broker(vhost):
    """A channel on a broker with the queues of payments."""
    with connect(vhost) as connection:
        channel = connection.channel()
        topology.declare(channel, [PaymentsService])
        yield channel


@pytest.fixture(scope="module")
def token_key():
    """The public key for tokens that the process requires; no request is made here."""
    public = Ed25519PrivateKey.generate().public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture(scope="module")
def process(sandbox, box, database_url, vhost, broker, token_key):
    known = sandbox.merchant_settings(box.url) | {"TOKEN_PUBLIC_KEY": token_key}
    quick = {"PAYMENT_QUERY_AFTER": "0.2", "WECHAT_TIMEOUT": "1"}
    service, _ = service_and_relay("payments", database_url, vhost, **quick, **known)
    with processes(service) as running:
        yield running


def send(broker, command):
    """Publish a command on the broker, as the relay of orders does."""
    sealed = envelope(command)
    publish(broker, sealed)
    return sealed


def test_the_process_opens_a_payment_and_finds_by_a_query_that_it_was_paid(sandbox, till, broker, process):
    command = open_payment()
    requested = send(broker, command)
    (opened,) = eventually(lambda: till.answers(requested), within=20)
    assert isinstance(opened, PaymentOpened)
    sandbox.control("pay", code_url=opened.pay_action.content)
    eventually(lambda: till.published(PaymentCaptured), within=20)
    assert till.balances == {"provider_clearing:wechat": 8800, "merchant_payable": -8800}


def test_the_process_replies_to_a_cancellation_in_time_without_a_response(sandbox, till, broker, process):
    command = open_payment()
    opening = send(broker, command)
    eventually(lambda: till.answers(opening), within=20)
    sandbox.control("behaviour", route="close", effect="drop", calls=3)
    cancelling = send(broker, cancel_payment(command))
    (answer,) = eventually(lambda: till.answers(cancelling))
    assert isinstance(answer, PaymentCancelled)
