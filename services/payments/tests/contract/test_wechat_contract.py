"""WeChat Pay passes the contract tests of every provider: the adapter on the sandbox, and the fake."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from payments.providers.interface import ForgedNotification, ProviderFailure, ProviderRefused
from payments.providers.wechat import WECHAT
from payments.providers.wechat.failures import FAILURES
from services.payments.tests.contract.provider_contract import (
    ARMCHAIR,
    PartialRefundContract,
    ProviderContract,
    RefundContract,
    opened,
    refunded,
)
from services.payments.tests.fake_wechat import FakeWeChatPay
from shared.ids import new_id
from shared.money import Money
from shared.testing import eventually


class SandboxDriver:
    """Actions of payer and provider at the sandbox."""

    def __init__(self, sandbox, box):
        self.sandbox, self.box = sandbox, box

    def pay(self, number):
        return self._reported(self.sandbox.control(f"transactions/{number}/pay"))

    def pay_late(self, number):
        return self._reported(self.sandbox.control(f"transactions/{number}/pay-late"))

    def fail(self, number):
        self.sandbox.control(f"transactions/{number}/fail")

    def plan_refund(self, number, outcome, code="NOT_ENOUGH"):
        # The sandbox would complete it by itself; here the test decides when.
        self.outcome = outcome
        planned = "refuse" if outcome == "refuse" else "wait"
        self.sandbox.control(f"transactions/{number}/next-refund", outcome=planned, code=code)

    def refund_by_hand(self, number, amount):
        self.sandbox.control(f"transactions/{number}/refund-by-hand", amount=amount.amount)
        eventually(lambda: len(self.sandbox.transaction(number)["notifications"]) > 1)
        return self._reported(self.sandbox.transaction(number))

    def let_arrive(self, number):
        refund = self.sandbox.control(f"refunds/{number}/{self.outcome}")
        return self._reported(self.sandbox.transaction(refund["out_trade_no"]))

    def time_out(self, method, *, done=False):
        route = "prepay" if method == "open" else method
        self.sandbox.control("behaviour", route=route, effect="drop", done=done)

    def _reported(self, transaction):
        return self.box.notification(transaction["notifications"][-1]["id"])


class TestWeChat(PartialRefundContract, RefundContract, ProviderContract):
    declared = WECHAT

    @pytest.fixture(params=["adapter", "fake"])
    def sides(self, request):
        """The provider and its `driver`."""
        if request.param == "fake":
            fake = FakeWeChatPay()
            return fake, fake
        get = request.getfixturevalue
        return get("adapter"), SandboxDriver(get("sandbox"), get("box"))

    @pytest.fixture
    def provider(self, sides):
        return sides[0]

    @pytest.fixture
    def driver(self, sides):
        return sides[1]

    def test_the_payer_scans_a_qr_code_of_wechat(self, provider, number):
        assert opened(provider, number).content.startswith("weixin://wxpay/bizpayurl?pr=")

    @pytest.mark.parametrize("code", ["NOT_ENOUGH", "NO_AUTH", "USER_ACCOUNT_ABNORMAL"])
    def test_a_refusal_has_our_failure_and_the_code_of_wechat(self, provider, driver, paid, code):
        driver.plan_refund(paid, "refuse", code)
        with pytest.raises(ProviderRefused, match=code) as refused:
            refunded(provider, paid, new_id().hex)
        assert refused.value.failure is FAILURES[code]

    def test_a_refund_of_another_amount_under_a_number_is_an_invalid_request(self, provider, paid):
        number = new_id().hex
        refunded(provider, paid, number)
        with pytest.raises(ProviderRefused) as refused:
            refunded(provider, paid, number, ARMCHAIR - Money(1))
        assert refused.value.failure is ProviderFailure.REQUEST_INVALID

    def test_a_notification_replayed_after_five_minutes_is_a_forgery(self, provider, driver, number):
        opened(provider, number)
        headers, body = driver.pay(number)
        later = datetime.now(UTC).timestamp() + 301
        with patch("time.time", lambda: later), pytest.raises(ForgedNotification):
            provider.read_notification(headers, body)
