"""WeChat Pay API v3, native (QR code): the adapter around the library `wechatpayv3`.

Protocol: https://pay.weixin.qq.com/doc/v3/merchant/4012791858. The same code goes to the real provider and to
`deploy/sandbox`; only settings differ. Blocking, and fit for eventlet.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

import wechatpayv3
from wechatpayv3.type import WeChatPayType

from payments.providers.interface import (
    CloseResult,
    ForgedNotification,
    Notification,
    PaymentState,
    ProviderFailure,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
    ProviderSilent,
    RefundState,
)
from payments.providers.wechat.failures import refused
from payments.providers.wechat.merchant import Merchant
from payments.providers.wechat.transport import Transport
from shared.contracts.payments.pay_actions import QrCode
from shared.money import Money

BEIJING = timezone(timedelta(hours=8))
# The fault is ours or passes by itself (a wrong clock or key, too many calls): it says nothing about the payment.
CALL_AGAIN = {401, 429}

PAYMENT_STATES = {
    "NOTPAY": PaymentState.OPEN,
    "USERPAYING": PaymentState.OPEN,
    "PAYERROR": PaymentState.FAILED,
    "SUCCESS": PaymentState.PAID,
    "REFUND": PaymentState.PAID,
    "CLOSED": PaymentState.CLOSED,
    "REVOKED": PaymentState.CLOSED,
}
REFUND_STATES = {
    "PROCESSING": RefundState.PROCESSING,
    "SUCCESS": RefundState.SUCCEEDED,
    "ABNORMAL": RefundState.ABNORMAL,
    "CLOSED": RefundState.CLOSED,
}
Read = TypeVar("Read")


class WeChatPay:
    """Opens, queries, closes and refunds payments, and reads what the provider reports.

    Every method raises ProviderRefused for a final no and ProviderSilent for an unknown outcome.
    """

    def __init__(self, merchant: Merchant) -> None:
        self._merchant, self._transport = merchant, Transport(merchant)
        self._library = wechatpayv3.WeChatPay(
            WeChatPayType.NATIVE,
            mchid=merchant.mchid,
            private_key=merchant.private_key,
            cert_serial_no=merchant.cert_serial,
            appid=merchant.appid,
            apiv3_key=merchant.apiv3_key,
            notify_url=merchant.notify_url,
            public_key=merchant.public_key,
            public_key_id=merchant.public_key_id,
        )
        self._library._core = self._transport  # noqa: SLF001 - it offers no other way to choose the gateway

    def open(self, out_trade_no: str, description: str, amount: Money, expires_at: datetime) -> QrCode:
        """Return the QR code to pay by until `expires_at`; the same call again is harmless.

        One that is paid or closed already is refused as such: query it.
        """
        answer = self._call(
            self._library.pay,
            description=description[:127],
            out_trade_no=out_trade_no,
            amount={"total": amount.amount, "currency": amount.currency},
            time_expire=expires_at.astimezone(BEIJING).isoformat(timespec="seconds"),
        )
        return _read(lambda: QrCode(content=str(answer["code_url"])))

    def query(self, out_trade_no: str) -> ProviderPayment | None:
        """Return the payment as the provider has it, or None when it never heard of it."""
        answer = self._find(self._library.query, out_trade_no=out_trade_no)
        return None if answer is None else _read(lambda: _payment(answer, self._merchant.appid))

    def close(self, out_trade_no: str) -> CloseResult:
        """Let nobody pay any more. What a refused close means is read from its state, not from the code."""
        try:
            self._call(self._library.close, out_trade_no=out_trade_no)
        except ProviderRefused:
            return self._why_not_closed(out_trade_no)
        return CloseResult.CLOSED

    def _why_not_closed(self, out_trade_no: str) -> CloseResult:
        payment = self.query(out_trade_no)
        if payment is None:
            return CloseResult.ABSENT
        if payment.state in {PaymentState.PAID, PaymentState.CLOSED}:
            return CloseResult(payment.state.value)
        raise ProviderSilent(f"{out_trade_no} cannot be closed, and is {payment.state}")

    def refund(
        self, out_refund_no: str, out_trade_no: str, amount: Money, total: Money, reason: str
    ) -> ProviderRefund:
        """Send `amount` of the `total` paid back, once per `out_refund_no` however often it is called."""
        answer = self._call(
            self._library.refund,
            out_refund_no=out_refund_no,
            out_trade_no=out_trade_no,
            amount={"refund": amount.amount, "total": total.amount, "currency": total.currency},
            reason=reason[:80],
        )
        return _read(lambda: _refund(answer, answer["status"]))

    def query_refund(self, out_refund_no: str) -> ProviderRefund | None:
        """Return the refund as the provider has it, or None when it never heard of it."""
        answer = self._find(self._library.query_refund, out_refund_no=out_refund_no)
        return None if answer is None else _read(lambda: _refund(answer, answer["status"]))

    def read_notification(self, headers: Mapping[str, str], body: str | bytes) -> Notification:
        """Return what the provider reports; anything but a fresh, genuine report to us is a ForgedNotification.

        The provider now and then sends falsely signed probes and expects them to be refused.
        """
        report = self._transport.open_envelope({name.lower(): value for name, value in headers.items()}, body)
        resource = report.get("resource")
        if not isinstance(resource, dict) or not isinstance(report.get("id"), str):
            raise ForgedNotification("not a report of ours")
        if resource.get("mchid", self._merchant.mchid) != self._merchant.mchid:
            raise ForgedNotification("meant for another merchant")
        document = {name: value for name, value in resource.items() if name != "payer"}
        about = self._about(str(report.get("event_type")), resource)
        return Notification(id=report["id"], about=about, document=document)

    def _about(self, event_type: str, resource: dict[str, Any]) -> ProviderPayment | ProviderRefund | None:
        """What a report is about; it is genuine also where we cannot read it."""
        try:
            if event_type.startswith("REFUND."):
                return _refund(resource, resource["refund_status"])
            return _payment(resource, self._merchant.appid)
        except (KeyError, TypeError, ValueError):
            return None

    def _find(self, call: Callable[..., tuple[int, str]], **fields: Any) -> dict[str, Any] | None:
        try:
            return self._call(call, **fields)
        except ProviderRefused as no:
            if no.failure is ProviderFailure.NOT_FOUND:
                return None
            raise

    def _call(self, call: Callable[..., tuple[int, str]], **fields: Any) -> dict[str, Any]:
        status, body = call(**fields)
        answer = _read(lambda: dict(json.loads(body or "{}")))
        if 200 <= status < 300:
            return answer
        code, detail = str(answer.get("code", status)), str(answer.get("message", ""))
        if 400 <= status < 500 and status not in CALL_AGAIN:
            raise refused(code, detail)
        raise ProviderSilent(f"{status} {code}: {detail}")


def _read(read: Callable[[], Read]) -> Read:
    """Do `read`; an answer that is signed but not understood leaves the outcome unknown."""
    try:
        return read()
    except (KeyError, TypeError, ValueError) as wrong:
        raise ProviderSilent(f"answer not understood: {wrong!r}") from wrong


def _payment(document: dict[str, Any], appid: str) -> ProviderPayment:
    state = PAYMENT_STATES[document["trade_state"]]
    money = document.get("amount")
    if state is PaymentState.PAID and not (money and document.get("transaction_id")):
        raise ValueError("paid, but not how much, or in which transaction")
    return ProviderPayment(
        out_trade_no=_text(document, "out_trade_no"),
        state=state,
        amount=Money(money["total"], money.get("currency", "CNY")) if money else None,
        ours=document["appid"] == appid,
        payer_total=_payer_total(money) if money and state is PaymentState.PAID else None,
        transaction_id=_text(document, "transaction_id") if document.get("transaction_id") else None,
        paid_at=_time(document.get("success_time")),
    )


def _payer_total(money: dict[str, Any]) -> Money:
    currency = money.get("payer_currency", money.get("currency", "CNY"))
    return Money(money.get("payer_total", money["total"]), currency)


def _refund(document: dict[str, Any], status: str) -> ProviderRefund:
    money = document["amount"]
    return ProviderRefund(
        out_refund_no=_text(document, "out_refund_no"),
        out_trade_no=_text(document, "out_trade_no"),
        refund_id=_text(document, "refund_id"),
        state=REFUND_STATES[status],
        amount=Money(money["refund"], money.get("currency", "CNY")),
        refunded_at=_time(document.get("success_time")),
    )


def _text(document: dict[str, Any], name: str) -> str:
    value = document[name]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{name}: {value!r}")
    return value


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
