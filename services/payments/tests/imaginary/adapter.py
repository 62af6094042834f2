"""The adapter to the imaginary provider."""

import hmac
import json
from datetime import datetime

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
from services.payments.tests.imaginary.server import TimedOut, signature
from shared.contracts.payments import Redirect
from shared.money import Money

FAILURES = {
    "I-SETTLED": ProviderFailure.ALREADY_PAID,
    "I-VOID": ProviderFailure.ALREADY_CLOSED,
    "I-TAKEN": ProviderFailure.NUMBER_IN_USE,
    "I-404": ProviderFailure.NOT_FOUND,
    "I-POOR": ProviderFailure.BALANCE_INSUFFICIENT,
    "I-AMOUNT": ProviderFailure.AMOUNT_INVALID,
}
STATES = {
    "CREATED": PaymentState.OPEN,
    "DECLINED": PaymentState.FAILED,
    "SETTLED": PaymentState.PAID,
    "VOID": PaymentState.CLOSED,
}
ENDS = {
    "MOVING": RefundState.PROCESSING,
    "DONE": RefundState.SUCCEEDED,
    "HELD": RefundState.ABNORMAL,
    "VOID": RefundState.CLOSED,
}
CLOSINGS = {"VOID": CloseResult.CLOSED, "SETTLED": CloseResult.PAID}


class ImaginaryPay:
    """Opens, queries, closes and refunds payments, and reads notifications."""

    def __init__(self, server):
        self._server = server

    def open(self, out_trade_no, description, amount, expires_at):
        self._call("create", number=out_trade_no, text=description, cents=amount.amount, until=str(expires_at))
        return Redirect(url=f"https://imaginary.example/pay/{out_trade_no}")

    def query(self, out_trade_no):
        found = self._find("read", number=out_trade_no)
        return found and _payment(found)

    def close(self, out_trade_no):
        found = self._find("void", number=out_trade_no)
        return CLOSINGS[found["status"]] if found else CloseResult.ABSENT

    def refund(self, out_refund_no, out_trade_no, amount, total, reason):
        return _refund(self._call("send_back", number=out_refund_no, order=out_trade_no, cents=amount.amount))

    def query_refund(self, out_refund_no):
        found = self._find("read_return", number=out_refund_no)
        return found and _refund(found)

    def read_notification(self, headers, body):
        if not hmac.compare_digest(headers.get("x-imaginary-signature", ""), signature(body)):
            raise ForgedNotification("not signed by the imaginary provider")
        report = json.loads(body)
        read = _payment if report["kind"] == "order" else _refund
        return Notification(id=report["id"], about=read(report["about"]), document=report)

    def _find(self, verb, **body):
        try:
            return self._call(verb, **body)
        except ProviderRefused as refusal:
            if refusal.failure is ProviderFailure.NOT_FOUND:
                return None
            raise

    def _call(self, verb, **body):
        try:
            answer = self._server.call(verb, **body)
        except TimedOut as timeout:
            raise ProviderSilent(f"{verb} timed out") from timeout
        if code := answer.get("error"):
            raise ProviderRefused(FAILURES.get(code, ProviderFailure.REJECTED), code)
        return answer


def _payment(found):
    paid = found["status"] == "SETTLED"
    return ProviderPayment(
        out_trade_no=found["number"],
        state=STATES[found["status"]],
        amount=Money(found["cents"]) if paid else None,
        transaction_id=found["receipt"],
        paid_at=_time(found["at"]),
    )


def _refund(found):
    return ProviderRefund(
        out_refund_no=found["number"],
        out_trade_no=found["order"],
        refund_id=found["id"],
        state=ENDS[found["status"]],
        amount=Money(found["cents"]),
        refunded_at=_time(found["at"]),
    )


def _time(text):
    return datetime.fromisoformat(text) if text else None
