"""The adapter alone: untrusted, unreadable and missing responses and notifications."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from local.keys import make_keys
from payments.providers.interface import (
    ForgedNotification,
    PaymentState,
    ProviderFailure,
    ProviderRefused,
    ProviderSilent,
)
from payments.providers.wechat.adapter import WeChatPay
from payments.providers.wechat.merchant import Merchant
from sandbox import keys as key_files
from sandbox.signing import encrypt, sign
from sandbox.testing import running_sandbox
from shared.ids import new_id
from shared.money import Money

TEAPOT = Money(8800)
SOON = (datetime.now(UTC) + timedelta(minutes=30)).replace(microsecond=0)


def opened(adapter):
    number = new_id().hex
    adapter.open(number, "WHISTLING-TEAPOT", TEAPOT, SOON)
    return number


class TestConnections:
    def test_calls_share_a_connection(self, merchant):
        adapter = WeChatPay(merchant)
        for _ in range(3):
            opened(adapter)
        pools = adapter._transport._connections.adapter.poolmanager.pools
        (key,) = pools.keys()
        assert (pools[key].num_connections, pools[key].num_requests) == (1, 3)

    def test_a_connection_that_the_provider_has_closed_is_replaced(self, tmp_path, box):
        with running_sandbox(tmp_path) as sandbox:
            with patch.dict(os.environ, sandbox.merchant_settings(box.url)):
                adapter = WeChatPay(Merchant.from_environment())
            number = opened(adapter)
            sandbox.stop()
            sandbox.start()
            assert adapter.query(number).state is PaymentState.OPEN

    def test_the_proxy_of_the_environment_is_used(self, merchant, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        with pytest.raises(ProviderSilent, match="ProxyError"):
            opened(WeChatPay(merchant))

    def test_a_netrc_file_does_not_replace_the_signature(self, merchant, monkeypatch, tmp_path):
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login mallory password secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        opened(WeChatPay(merchant))


class TestAnswers:
    def test_no_response_in_time_is_a_timeout(self, sandbox, merchant):
        impatient = WeChatPay(replace(merchant, timeout=0.2))
        sandbox.control("behaviour", route="query", effect="delay", seconds=2)
        with pytest.raises(ProviderSilent, match="ReadTimeout"):
            impatient.query(new_id().hex)

    @pytest.mark.parametrize("code", ["SYSTEM_ERROR", "BANK_ERROR", "FREQUENCY_LIMITED", "SIGN_ERROR"])
    def test_a_temporary_error_leaves_the_outcome_unknown(self, sandbox, adapter, code):
        number = opened(adapter)
        sandbox.control("behaviour", route="query", effect="error", code=code)
        with pytest.raises(ProviderSilent, match=code):
            adapter.query(number)
        assert adapter.query(number).state is PaymentState.OPEN

    @pytest.mark.parametrize(
        ("code", "failure"),
        [
            ("RULE_LIMIT", ProviderFailure.NOT_PERMITTED),
            ("PARAM_ERROR", ProviderFailure.REQUEST_INVALID),
            ("TRADE_ERROR", ProviderFailure.REJECTED),
        ],
    )
    def test_a_refusal_is_final_and_keeps_the_providers_code_for_operators(self, sandbox, adapter, code, failure):
        sandbox.control("behaviour", route="prepay", effect="error", code=code)
        with pytest.raises(ProviderRefused, match=code) as refused:
            opened(adapter)
        assert refused.value.failure is failure

    def test_a_response_with_a_wrong_signature_leaves_the_outcome_unknown(self, sandbox, adapter):
        number = opened(adapter)
        sandbox.control("behaviour", route="query", effect="forge")
        with pytest.raises(ProviderSilent, match="signature is wrong"):
            adapter.query(number)

    @pytest.mark.parametrize("status", [200, 204, 302, 404, 502])
    def test_a_response_without_a_signature_leaves_the_outcome_unknown(self, merchant, box, status):
        unsigned = WeChatPay(replace(merchant, gateway=box.url.rsplit("/", 1)[0]))
        with patch.object(box, "status", status), pytest.raises(ProviderSilent, match="signed by no key"):
            unsigned.close(new_id().hex)

    def test_an_unreachable_gateway_leaves_the_outcome_unknown(self, merchant):
        unreachable = WeChatPay(replace(merchant, gateway="http://127.0.0.1:9"))
        with pytest.raises(ProviderSilent):
            unreachable.query(new_id().hex)

    def test_a_replayed_old_response_leaves_the_outcome_unknown(self, adapter):
        number = opened(adapter)
        later = datetime.now(UTC).timestamp() + 301
        with patch("time.time", lambda: later), pytest.raises(ProviderSilent, match="signed at"):
            adapter.query(number)

    def test_a_request_signed_with_an_unknown_key_leaves_the_outcome_unknown(self, merchant, tmp_path):
        make_keys(tmp_path)
        unknown_key = (tmp_path / "secrets" / "wechat_merchant_private.pem").read_text()
        with pytest.raises(ProviderSilent, match="SIGN_ERROR"):
            WeChatPay(replace(merchant, private_key=unknown_key)).query(new_id().hex)

    def test_long_chinese_texts_are_cut_to_the_providers_limit(self, adapter):
        adapter.open(new_id().hex, "茶" * 500, TEAPOT, SOON)


@pytest.fixture
def provider_keys(sandbox):
    return key_files.load(Path(sandbox.merchant_settings("")["WECHAT_PUBLIC_KEY_FILE"]).parent)


@pytest.fixture
def report(provider_keys, merchant):
    """Build a notification signed with the provider's key; `changed` updates its resource."""

    def build(keys=provider_keys, event_type="TRANSACTION.SUCCESS", **changed):
        resource = {
            "mchid": merchant.mchid,
            "appid": merchant.appid,
            "out_trade_no": new_id().hex,
            "trade_state": "SUCCESS",
            "transaction_id": "4200000000000000001",
            "amount": {"total": 8800, "currency": "CNY"},
        } | changed
        envelope = {
            "id": "EV-1",
            "event_type": event_type,
            "resource_type": "encrypt-resource",
            "resource": encrypt(keys, "transaction", resource),
        }
        body = json.dumps(envelope)
        return sign(keys, body.encode()), body

    return build


class TestNotifications:
    def test_a_genuine_notification_is_read_whatever_the_case_of_its_headers(self, adapter, report):
        headers, body = report()
        for change in (str.upper, str.lower, str.title):
            about = adapter.read_notification({change(k): v for k, v in headers.items()}, body.encode()).about
            assert about.amount == TEAPOT

    def test_a_notification_for_another_merchant_is_a_forgery(self, adapter, report):
        with pytest.raises(ForgedNotification, match="another"):
            adapter.read_notification(*report(mchid="19000000"))

    @pytest.mark.parametrize("ours", [False, True])
    def test_a_query_marks_money_paid_in_another_app(self, adapter, monkeypatch, ours):
        known = {"out_trade_no": "1", "trade_state": "SUCCESS", "transaction_id": "42"}
        known["appid"] = adapter._merchant.appid if ours else "wx19000000"
        answer = 200, json.dumps(known | {"amount": {"total": 8800, "currency": "CNY"}})
        monkeypatch.setattr(adapter._library, "query", lambda **_: answer)
        assert adapter.query("1").ours is ours

    @pytest.mark.parametrize(("appid", "ours"), [("wx19000000", False), (None, True)])
    def test_a_notification_marks_money_paid_in_another_app(self, adapter, report, appid, ours):
        changed = {"appid": appid} if appid else {}
        assert adapter.read_notification(*report(**changed)).about.ours is ours

    @pytest.mark.parametrize(
        "changed",
        [
            {"trade_state": "UNKNOWN"},
            {"amount": None},
            {"transaction_id": None},
            {"transaction_id": 4200001},
            {"amount": {"total": "8800"}},
            {"out_trade_no": None},
        ],
    )
    def test_a_genuine_but_unreadable_notification_is_returned_unchanged(self, adapter, report, changed):
        read = adapter.read_notification(*report(**changed))
        assert read.about is None
        assert read.document.items() >= changed.items()

    def test_a_genuine_notification_of_another_kind_is_returned_unchanged(self, adapter, report):
        assert adapter.read_notification(*report(event_type="REFUND.SUCCESS")).about is None

    def test_the_document_of_a_notification_does_not_contain_the_payer(self, adapter, report):
        assert "payer" not in adapter.read_notification(*report(payer={"openid": "o1"})).document

    def test_a_notification_encrypted_with_another_key_is_a_forgery(self, adapter, report, provider_keys):
        with pytest.raises(ForgedNotification, match="decrypted"):
            adapter.read_notification(*report(keys=replace(provider_keys, apiv3_key=b"0" * 32)))

    @pytest.mark.parametrize("missing", ["Timestamp", "Nonce", "Signature", "Serial", "Signature-Type"])
    def test_a_notification_without_a_header_is_a_forgery(self, adapter, report, missing):
        headers, body = report()
        del headers[f"Wechatpay-{missing}"]
        with pytest.raises(ForgedNotification):
            adapter.read_notification(headers, body)

    @pytest.mark.parametrize(
        ("header", "value"),
        [
            ("Timestamp", "soon"),
            ("Timestamp", "-1"),
            ("Timestamp", "²"),
            ("Signature", "not base64!"),
            ("Signature", "WECHATPAY/SIGNTEST/AAAA"),
            ("Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
        ],
    )
    def test_a_notification_with_an_invalid_header_is_a_forgery(self, adapter, report, header, value):
        headers, body = report()
        with pytest.raises(ForgedNotification):
            adapter.read_notification(headers | {f"Wechatpay-{header}": value}, body)

    @pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", b'{"resource": 1}'])
    def test_a_signed_body_that_is_no_notification_is_a_forgery(self, adapter, provider_keys, body):
        with pytest.raises(ForgedNotification):
            adapter.read_notification(sign(provider_keys, body), body)

    def test_an_unknown_key_is_refused_without_a_network_call(self, adapter, report):
        headers, body = report()
        called_out = patch("socket.socket.connect", side_effect=AssertionError("called out"))
        with called_out, pytest.raises(ForgedNotification, match="signed by 5157F09EFDC096DE"):
            adapter.read_notification(headers | {"Wechatpay-Serial": "5157F09EFDC096DE"}, body)


GREEN = """
import eventlet
eventlet.monkey_patch()
import time
from payments.providers.wechat.adapter import WeChatPay
from payments.providers.wechat.merchant import Merchant
from payments.providers.wechat.merchant import Merchant

def query(number):
    began = time.monotonic()
    assert pay.query(number) is None
    return began, time.monotonic()

pay = WeChatPay(Merchant.from_environment())
spans = list(eventlet.GreenPool().imap(query, ["000001", "000002"]))
print(max(began for began, _ in spans) < min(ended for _, ended in spans))
"""


def test_under_eventlet_a_slow_response_does_not_delay_another(sandbox, box):
    sandbox.control("behaviour", route="query", effect="delay", seconds=0.3, calls=2)
    command = [sys.executable, "-W", "ignore", "-c", GREEN]
    run = subprocess.run(
        command, env=sandbox.merchant_settings(box.url), capture_output=True, text=True, timeout=30, check=False
    )
    assert (run.stdout.strip(), run.stderr) == ("True", "")
