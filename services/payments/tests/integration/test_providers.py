"""Which provider serves a payment, and what happens if it is not configured or lacks a capability."""

from dataclasses import replace

import pytest

from payments.providers.declaration import Capabilities, Custody
from payments.providers.wechat import WECHAT
from payments.service import PaymentsService
from payments.taking.model.notifications import PaymentProviderNotFound
from services.payments.tests.builders import open_payment, part, refund_payment, yuan
from services.payments.tests.till import OPERATOR
from shared.auth import Caller
from shared.contracts.payments import Method, PaymentOpened, PaymentReason
from shared.ids import new_id
from shared.permissions import Role
from shared.settings import MissingSetting

MING = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.OPERATOR}))
REGISTRY = PaymentsService.providers.registry


@pytest.fixture
def unconfigured(till, monkeypatch):
    """WeChat Pay without settings."""
    monkeypatch.delitem(REGISTRY.adapters, "wechat")
    return till


def declared(monkeypatch, **changes):
    monkeypatch.setitem(REGISTRY.declared, "wechat", replace(WECHAT, **changes))


def test_a_method_of_an_unconfigured_provider_is_refused(unconfigured):
    requested = unconfigured.send(open_payment())
    assert unconfigured.answer(requested).reason is PaymentReason.PAYMENT_METHOD_UNAVAILABLE


@pytest.mark.parametrize("method", Method)
def test_a_payment_of_zero_is_captured_without_a_configured_provider(unconfigured, method):
    command = open_payment(part(yuan(0)), method=method)
    unconfigured.send(command)
    assert unconfigured.state(command) == "captured"


def test_a_payment_of_an_unconfigured_provider_waits_and_does_not_block_others(till, monkeypatch):
    opening, paid = till.send(open_payment()), till.paid()
    with monkeypatch.context() as away:
        away.delitem(REGISTRY.adapters, "wechat")
        till.send(refund_payment(paid))
        till.call_provider()
        errors = till.rows("SELECT error FROM provider_calls WHERE kind = 'refund'")
        assert errors == [{"error": "wechat is not configured"}]
    till.later(seconds=5)
    assert isinstance(till.answer(opening), PaymentOpened)
    assert till.balances == {"provider_clearing:wechat": 8800, "refunds_in_transit:wechat": -8800}


@pytest.mark.parametrize("name", ["alipay", "cash_on_delivery"])
def test_a_notification_of_a_provider_that_is_unknown_or_sends_none_is_not_found(till, name):
    with pytest.raises(PaymentProviderNotFound):
        till.service.receive_provider_notification(None, {"provider": name, "headers": {}, "body": ""})


def test_a_notification_of_an_unconfigured_provider_is_not_found(unconfigured):
    with pytest.raises(PaymentProviderNotFound):
        unconfigured.service.receive_provider_notification(None, {"provider": "wechat", "headers": {}, "body": ""})


@pytest.mark.parametrize(
    ("capabilities", "calls"),
    [
        (Capabilities(refunds=False), 0),
        (Capabilities(partial_refunds=False), 0),
        (Capabilities(), 1),
    ],
)
def test_a_refund_that_the_provider_cannot_make_is_stalled_at_once(till, monkeypatch, capabilities, calls):
    declared(monkeypatch, capabilities=capabilities)
    till.send(refund_payment(till.paid(), yuan(8)))
    assert why_stalled(till) == ["not_supported"] * (1 - calls)  # before any call
    till.call_provider()
    assert why_stalled(till) == ["not_supported"] * (1 - calls)
    assert till.wechat.calls["refund"] == len(refund_calls(till)) == calls


def why_stalled(till):
    return [each["why"] for each in till.service.list_stalled_refunds(OPERATOR, {})["items"]]


def refund_calls(till):
    return till.rows("SELECT * FROM provider_calls WHERE kind = 'refund'")


def test_a_refund_that_an_operator_retries_is_made_once_the_provider_can(till, monkeypatch):
    refund = refund_payment(till.paid(), yuan(8))
    again = {"refund_id": str(refund.refund_id), "note": "they can by now"}
    with monkeypatch.context() as once:
        declared(once, capabilities=Capabilities(partial_refunds=False))
        till.send(refund)
        till.service.retry_refund(MING, again)
        assert (why_stalled(till), refund_calls(till)) == (["not_supported"], [])
    till.service.retry_refund(MING, again)
    till.call_provider()
    assert (why_stalled(till), till.wechat.calls["refund"]) == ([], 1)


def test_a_provider_without_partial_refunds_makes_full_refunds(till, monkeypatch):
    declared(monkeypatch, capabilities=Capabilities(partial_refunds=False))
    till.send(refund_payment(till.paid()))
    till.call_provider()
    assert till.wechat.calls["refund"] == 1


def test_wechat_pay_is_not_connected_without_its_merchant_and_refuses_half_of_its_settings(monkeypatch):
    for name in ("WECHAT_MCHID", "WECHAT_MCHID_FILE", "WECHAT_GATEWAY"):
        monkeypatch.delenv(name, raising=False)
    assert WECHAT.connect() is None
    monkeypatch.setenv("WECHAT_MCHID", "1900000001")
    with pytest.raises(MissingSetting):
        WECHAT.connect()


def test_shoppers_see_the_enabled_payment_methods(till):
    wechat, cash = till.service.list_payment_methods(Caller(), {})["items"]
    title = {"zh": "微信支付", "en": "WeChat Pay"}
    assert wechat == {"method": "wechat", "title": title, "action": "qr_code"}
    assert (cash["method"], cash["action"]) == ("cash_on_delivery", "none")


def test_shoppers_see_a_method_only_while_it_is_switched_on(till):
    ann = replace(OPERATOR, user_id=new_id())

    def offered(*, is_on):
        till.service.set_switch(ann, {"name": "pay.wechat", "is_on": is_on, "reason": "errors"})
        return [each["method"] for each in till.service.list_payment_methods(Caller(), {})["items"]]

    assert offered(is_on=False) == ["cash_on_delivery"]
    assert offered(is_on=True) == ["wechat", "cash_on_delivery"]


def test_an_unconfigured_method_is_hidden_from_shoppers_and_shown_to_operators_as_disabled(unconfigured):
    service = unconfigured.service
    offered = service.list_payment_methods(Caller(), {})["items"]
    assert [each["method"] for each in offered] == ["cash_on_delivery"]
    found = service.list_payment_method_details(OPERATOR, {})["items"]
    shown = [(each["method"], each["provider"], each["custody"], each["enabled"]) for each in found]
    assert shown == [
        ("wechat", "wechat", "platform", False),
        ("cash_on_delivery", "cash_on_delivery", "platform", True),
        ("nothing", "nothing", "platform", True),
    ]


def test_of_two_providers_of_a_method_the_first_enabled_one_serves_and_it_is_offered_once(till, monkeypatch):
    another = replace(WECHAT, name="another", custody=Custody.PROVIDER, connect=None)
    monkeypatch.setitem(REGISTRY.declared, "another", another)
    assert len(till.service.list_payment_methods(Caller(), {})["items"]) == 2
    assert REGISTRY.serving(Method.WECHAT, yuan(1)) is WECHAT
    monkeypatch.delitem(REGISTRY.adapters, "wechat")
    assert REGISTRY.serving(Method.WECHAT, yuan(1)) is another
