"""WeChat Pay in memory, for tests of payments; `contract/test_wechat_contract.py` runs it against the contract."""

import secrets
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from payments.providers.interface import (
    CloseResult,
    ForgedNotification,
    Notification,
    PaymentState,
    ProviderPayment,
    ProviderRefund,
    ProviderSilent,
    RefundState,
)
from payments.providers.wechat.failures import refused
from shared.contracts.payments import QrCode

UNPAID = {PaymentState.OPEN, PaymentState.FAILED}
OUTCOMES = {
    "succeed": RefundState.SUCCEEDED,
    "abnormal": RefundState.ABNORMAL,
    "close": RefundState.CLOSED,
    "wait": RefundState.PROCESSING,
}


class FakeWeChatPay:
    """The adapter's methods, then the actions of payer and provider that a test triggers."""

    def __init__(self):
        self.payments, self.refunds, self.notifications = {}, {}, {}
        self.calls = Counter()
        self._opened, self._outcomes, self._timeouts = {}, {}, {}
        self._refusal = "NOT_ENOUGH"

    def open(self, out_trade_no, description, amount, expires_at):
        return self._call("open", self._open, out_trade_no, (description, amount, expires_at))

    def query(self, out_trade_no):
        return self._call("query", self.payments.get, out_trade_no)

    def close(self, out_trade_no):
        return self._call("close", self._close, out_trade_no)

    def refund(self, out_refund_no, out_trade_no, amount, total, reason):
        return self._call("refund", self._refund, out_refund_no, out_trade_no, amount, total)

    def query_refund(self, out_refund_no):
        return self._call("query_refund", self.refunds.get, out_refund_no)

    def read_notification(self, headers, body):
        known = self.notifications.get(body)
        fresh = abs(time.time() - int(headers.get("Wechatpay-Timestamp", "0"))) <= 300
        if known is None or not fresh or headers.get("Wechatpay-Signature") != f"signed {body}":
            raise ForgedNotification("not from the provider")
        return known

    def pay(self, out_trade_no):
        """The payer pays, in time or late; returns the notification as (headers, body)."""
        paid = replace(
            self.payments[out_trade_no],
            state=PaymentState.PAID,
            transaction_id=secrets.token_hex(14),
            paid_at=datetime.now(UTC),
        )
        self.payments[out_trade_no] = paid
        return self._notify(paid)

    pay_late = pay

    def fail(self, out_trade_no):
        """The payer's attempt to pay fails."""
        self.payments[out_trade_no] = replace(self.payments[out_trade_no], state=PaymentState.FAILED)

    def plan_refund(self, out_trade_no, outcome, code="NOT_ENOUGH"):
        """Set the outcome of the next refund: "succeed", "refuse" with `code`, "abnormal", "close" or "wait"."""
        self._outcomes[out_trade_no], self._refusal = outcome, code

    def refund_by_hand(self, out_trade_no, amount):
        """A refund is made in the merchant platform and arrives; returns the notification."""
        number = f"88{secrets.randbelow(10**26):026}"
        self._refund(number, out_trade_no, amount, self.payments[out_trade_no].amount)
        return self.let_arrive(number)

    def let_arrive(self, out_refund_no):
        """The refund reaches its planned outcome; returns the notification as (headers, body)."""
        refund = self.refunds[out_refund_no]
        state = OUTCOMES[self._outcomes.pop(refund.out_trade_no, "succeed")]
        arrived = datetime.now(UTC) if state is RefundState.SUCCEEDED else None
        self.refunds[out_refund_no] = replace(refund, state=state, refunded_at=arrived)
        return self._notify(self.refunds[out_refund_no])

    def time_out(self, method, *, done=False, calls=1):
        """Let the next calls of `method` time out; with `done` they take effect nevertheless."""
        self._timeouts[method] = [done] * calls

    def _call(self, name, work, *arguments):
        self.calls[name] += 1
        if not self._timeouts.get(name):
            return work(*arguments)
        if self._timeouts[name].pop():
            work(*arguments)
        raise ProviderSilent(f"{name} timed out")

    def _open(self, out_trade_no, request):
        known = self.payments.get(out_trade_no)
        if known and known.state not in UNPAID:
            raise refused("ORDERPAID" if known.state is PaymentState.PAID else "ORDER_CLOSED")
        if self._opened.setdefault(out_trade_no, request) != request:
            raise refused("OUT_TRADE_NO_USED")
        fresh = ProviderPayment(out_trade_no=out_trade_no, state=PaymentState.OPEN, amount=request[1])
        self.payments.setdefault(out_trade_no, fresh)
        return QrCode(content=f"weixin://wxpay/bizpayurl?pr={out_trade_no}")

    def _close(self, out_trade_no):
        payment = self.payments.get(out_trade_no)
        if payment is None:
            return CloseResult.ABSENT
        if payment.state in UNPAID:
            self.payments[out_trade_no] = payment = replace(payment, state=PaymentState.CLOSED)
        return CloseResult(payment.state.value)

    def _refund(self, out_refund_no, out_trade_no, amount, total):
        payment = self.payments.get(out_trade_no)
        if payment is None:
            raise refused("RESOURCE_NOT_EXISTS")
        known = self.refunds.get(out_refund_no)
        if total != payment.amount or (known and known.amount != amount):
            raise refused("INVALID_REQUEST")
        return known or self._new_refund(out_refund_no, payment, amount)

    def _new_refund(self, out_refund_no, payment, amount):
        if self._outcomes.get(payment.out_trade_no) == "refuse":
            del self._outcomes[payment.out_trade_no]
            raise refused(self._refusal)
        if payment.state is not PaymentState.PAID:
            raise refused("TRADE_ERROR")
        refunded = sum(r.amount.amount for r in self._refunds_of(payment))
        if refunded + amount.amount > payment.amount.amount:
            raise refused("INVALID_REQUEST")
        refund = ProviderRefund(
            out_refund_no=out_refund_no,
            out_trade_no=payment.out_trade_no,
            refund_id=secrets.token_hex(14),
            state=RefundState.PROCESSING,
            amount=amount,
        )
        return self.refunds.setdefault(out_refund_no, refund)

    def _refunds_of(self, payment):
        of_payment = (r for r in self.refunds.values() if r.out_trade_no == payment.out_trade_no)
        return [refund for refund in of_payment if refund.state is not RefundState.CLOSED]

    def _notify(self, about):
        body = secrets.token_hex(8)
        self.notifications[body] = Notification(id=body, about=about)
        headers = {"Wechatpay-Timestamp": str(int(time.time())), "Wechatpay-Signature": f"signed {body}"}
        return headers, body
