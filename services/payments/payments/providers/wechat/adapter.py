"""WeChat Pay API v3, native (QR code): the adapter around the library `wechatpayv3`.

Protocol: https://pay.weixin.qq.com/doc/v3/merchant/4012791858. The same code calls the real provider and
`deploy/sandbox`; only the settings differ. It blocks, and works under eventlet.
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
# Our own or temporary errors (a wrong clock or key, too many calls): the outcome of the payment is unknown.
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
    """Opens, queries, closes and refunds payments, and reads notifications.

    Every method raises ProviderRefused for a refusal and ProviderSilent if the outcome is unknown.
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
        self._library._core = self._transport  # noqa: SLF001 - the only way to choose the gateway

    def open(self, out_trade_no: str, description: str, amount: Money, expires_at: datetime) -> QrCode:
        """Return the QR code that can be paid until `expires_at`; repeated, the call returns the same."""
        answer = self._call(
            self._library.pay,
            description=description[:127],
            out_trade_no=out_trade_no,
            amount={"total": amount.amount, "currency": amount.currency},
            time_expire=expires_at.astimezone(BEIJING).isoformat(timespec="seconds"),
        )
        return _read(lambda: QrCode(content=str(answer["code_url"])))

    def query(self, out_trade_no: str) -> ProviderPayment | None:
        """Return the payment at the provider, or None if it is unknown there."""
        answer = self._find(self._library.query, out_trade_no=out_trade_no)
        return None if answer is None else _read(lambda: _payment(answer, self._merchant.appid))

    def close(self, out_trade_no: str) -> CloseResult:
        """Close the payment. After a refusal the payment's state decides, not the provider's code."""
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
        raise ProviderSilent(f"{out_trade_no} was not closed and is {payment.state}")

    def refund(
        self, out_refund_no: str, out_trade_no: str, amount: Money, total: Money, reason: str
    ) -> ProviderRefund:
        """Refund `amount` of the `total` paid, once per `out_refund_no` however often it is called."""
        answer = self._call(
            self._library.refund,
            out_refund_no=out_refund_no,
            out_trade_no=out_trade_no,
            amount={"refund": amount.amount, "total": total.amount, "currency": total.currency},
            reason=reason[:80],
        )
        return _read(lambda: _refund(answer, answer["status"]))

    def query_refund(self, out_refund_no: str) -> ProviderRefund | None:
        """Return the refund at the provider, or None if it is unknown there."""
        answer = self._find(self._library.query_refund, out_refund_no=out_refund_no)
        return None if answer is None else _read(lambda: _refund(answer, answer["status"]))

    def read_notification(self, headers: Mapping[str, str], body: str | bytes) -> Notification:
        """Return the notification; raises ForgedNotification unless it is recent, genuine and for this merchant.

        WeChat Pay occasionally sends probes with a wrong signature and expects a refusal.
        """
        report = self._transport.open_envelope({name.lower(): value for name, value in headers.items()}, body)
        resource = report.get("resource")
        if not isinstance(resource, dict) or not isinstance(report.get("id"), str):
            raise ForgedNotification("not a notification")
        if resource.get("mchid", self._merchant.mchid) != self._merchant.mchid:
            raise ForgedNotification("for another merchant")
        document = {name: value for name, value in resource.items() if name != "payer"}
        about = self._about(str(report.get("event_type")), resource)
        return Notification(id=report["id"], about=about, document=document)

    def _about(self, event_type: str, resource: dict[str, Any]) -> ProviderPayment | ProviderRefund | None:
        """The payment or refund of a genuine notification; None if it cannot be read."""
        try:
            if event_type.startswith("REFUND."):
                return _refund(resource, resource["refund_status"])
            return _payment(resource, self._merchant.appid)
        except (KeyError, TypeError, ValueError):
            return None

    def _find(self, call: Callable[..., tuple[int, str]], **fields: Any) -> dict[str, Any] | None:
        try:
            return self._call(call, **fields)
        except ProviderRefused as refusal:
            if refusal.failure is ProviderFailure.NOT_FOUND:
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
    """Call `read`. Raises ProviderSilent for a response that cannot be read: the outcome is unknown."""
    try:
        return read()
    except (KeyError, TypeError, ValueError) as wrong:
        raise ProviderSilent(f"unreadable response: {wrong!r}") from wrong


def _payment(document: dict[str, Any], appid: str) -> ProviderPayment:
    state = PAYMENT_STATES[document["trade_state"]]
    money = document.get("amount")
    if state is PaymentState.PAID and not (money and document.get("transaction_id")):
        raise ValueError("paid, without an amount or a transaction")
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
