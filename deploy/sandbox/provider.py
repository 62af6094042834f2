"""The provider's operations, for the merchant over the wire and for the controls.

Every method is one change of the store without an await, so that requests are not interleaved.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.errors import STATUS, Refused
from sandbox.keys import Keys
from sandbox.schemas import Prepay, RefundOrder
from sandbox.settings import Settings
from sandbox.signing import encrypt
from sandbox.store import Notification, Store
from sandbox.trades import (
    CLOSED,
    REFUND,
    REFUSALS,
    SUCCESS,
    Refund,
    Transaction,
    now,
    refund_notification,
    rfc3339,
    transaction_document,
)

NEXT_REFUND = ("succeed", "refuse", "abnormal", "close", "wait")
REFUND_REFUSALS = {
    "NOT_ENOUGH": "基本账户余额不足，请充值后重新发起",
    "NO_AUTH": "商户号无退款权限，请开通后重新发起",
    "FREQUENCY_LIMITED": "频率限制，请稍后重新发起",
    "USER_ACCOUNT_ABNORMAL": "用户账户异常或已注销",
}
SUMMARY = {"TRANSACTION.SUCCESS": "支付成功", "REFUND.SUCCESS": "退款成功"}


class Provider:
    """Takes payments and refunds them. `wake` is called when there is something to send."""

    def __init__(self, store: Store, keys: Keys, settings: Settings, wake: Callable[[], None]) -> None:
        self._store, self._keys, self._settings, self._wake = store, keys, settings, wake

    def prepay(self, order: Prepay) -> str:
        """Open a payment and return its code_url; the same order again returns the same one."""
        if (order.appid, order.mchid) != (self._keys.appid, self._keys.mchid):
            raise Refused("APPID_MCHID_NOT_MATCH", "appid和mchid不匹配", "/body/appid")
        code_url = f"weixin://wxpay/bizpayurl?pr={secrets.token_urlsafe(9)}"
        trade = Transaction(**vars(order), code_url=code_url, created_at=rfc3339(now()))
        with self._store.change():
            known = self._store.transaction("out_trade_no", order.out_trade_no)
            if known is None:
                self._store.put_transaction(trade)
                return code_url
        if known.state in {SUCCESS, REFUND, CLOSED}:
            raise Refused(*REFUSALS[known.state])
        if not known.same_order(trade):
            raise Refused("OUT_TRADE_NO_USED", "商户订单号重复", "/body/out_trade_no")
        return known.code_url

    def find(self, column: str, value: str) -> Transaction:
        """Return the transaction whose `out_trade_no`, `transaction_id` or `code_url` is `value`."""
        trade = self._store.transaction(column, value)
        if trade is None:
            raise Refused("ORDERNOTEXIST", "订单不存在")
        return trade

    def close(self, out_trade_no: str) -> None:
        with self._store.change():
            self._store.put_transaction(self.find("out_trade_no", out_trade_no).move("close"))

    def refund(self, order: RefundOrder) -> tuple[Refund, Transaction]:
        """Accept a refund, or return the existing one with this number."""
        with self._store.change():
            trade = self._paid_by(order)
            known = self._store.refund(order.out_refund_no)
            if known:
                return self._same_refund(known, order, trade), trade
            if trade.next_refund != "refuse":
                return self._accept_refund(order, replace(trade, next_refund="succeed"), trade.next_refund)
            left = trade.refusals - 1
            outcome = "refuse" if left > 0 else "succeed"
            self._store.put_transaction(replace(trade, next_refund=outcome, refusals=left))
        raise Refused(trade.refuse_code, REFUND_REFUSALS.get(trade.refuse_code, ""))

    def refund_by_hand(self, out_trade_no: str, amount: int | None = None) -> Refund:
        """Refund as in the merchant platform: under a number that the merchant's code did not make.

        `amount` in fen; None for the rest. It is reported to the address of the payment. The planned outcome of
        the merchant's next refund is unchanged: a refund by hand gives the merchant's code no permission.
        """
        with self._store.change():
            trade = self.find("out_trade_no", out_trade_no)
            left = trade.amount - self._refunded(trade)
            order = RefundOrder(
                out_refund_no=_number("88"),
                out_trade_no=out_trade_no,
                transaction_id=None,
                amount=left if amount is None else amount,
                total=trade.amount,
                reason=None,
                notify_url=trade.notify_url,
            )
            if order.amount <= 0:
                raise Refused("INVALID_REQUEST", "申请退款金额大于订单剩余可退金额", "/body/amount/refund")
            return self._accept_refund(order, trade, "succeed")[0]

    def _refunded(self, trade: Transaction) -> int:
        refunds = self._store.refunds_of(trade.out_trade_no)
        return sum(refund.amount for refund in refunds if refund.state != CLOSED)

    def _paid_by(self, order: RefundOrder) -> Transaction:
        column, value = (
            ("transaction_id", order.transaction_id)
            if order.transaction_id
            else ("out_trade_no", order.out_trade_no)
        )
        trade = self._store.transaction(column, value or "")
        if trade is None:
            raise Refused("RESOURCE_NOT_EXISTS", "订单不存在")
        if order.total != trade.amount:
            raise Refused("INVALID_REQUEST", "订单金额与原订单不一致", "/body/amount/total")
        return trade

    def _same_refund(self, known: Refund, order: RefundOrder, trade: Transaction) -> Refund:
        if (known.out_trade_no, known.amount) != (trade.out_trade_no, order.amount):
            raise Refused("INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
        return known

    def _accept_refund(self, order: RefundOrder, trade: Transaction, outcome: str) -> tuple[Refund, Transaction]:
        after = trade.move("refund")
        if self._refunded(trade) + order.amount > trade.amount:
            raise Refused("INVALID_REQUEST", "申请退款金额大于订单剩余可退金额", "/body/amount/refund")
        refund = Refund(
            out_refund_no=order.out_refund_no,
            refund_id=_number("503"),
            out_trade_no=trade.out_trade_no,
            amount=order.amount,
            reason=order.reason,
            notify_url=order.notify_url,
            created_at=rfc3339(now()),
            outcome=outcome,
            due_at=None if outcome == "wait" else time.time() + self._settings.refund_seconds,
        )
        self._store.put_transaction(after)
        self._store.put_refund(refund)
        self._wake()
        return refund, after

    def find_refund(self, out_refund_no: str) -> tuple[Refund, Transaction]:
        refund = self._store.refund(out_refund_no)
        if refund is None:
            raise Refused("RESOURCE_NOT_EXISTS", "退款单不存在")
        return refund, self.find("out_trade_no", refund.out_trade_no)

    def settle_due_refunds(self) -> None:
        """Complete the refunds that are due."""
        for refund in self._store.refunds_due(time.time()):
            self.finish_refund(refund.out_refund_no, refund.outcome)

    def finish_refund(self, out_refund_no: str, move: str) -> None:
        """Let a refund `succeed`, become `abnormal` or `close`, and report it."""
        with self._store.change():
            refund, trade = self.find_refund(out_refund_no)
            refund = refund.move(move)
            self._store.put_refund(refund)
            if refund.notify_url:
                self._notify(
                    f"REFUND.{refund.state}", refund.notify_url, trade, refund_notification(refund, trade)
                )

    def pay(self, out_trade_no: str, move: str) -> Transaction:
        """An action of the payer: `pay`, `fail`, or `pay-late`, a payment that raced a close."""
        with self._store.change():
            trade = self.find("out_trade_no", out_trade_no).move(move)
            if trade.state == SUCCESS:
                trade = replace(trade, transaction_id=_number("42"), success_time=rfc3339(now()))
                self._notify("TRANSACTION.SUCCESS", trade.notify_url, trade, transaction_document(trade))
            self._store.put_transaction(trade)
        return trade

    def plan_refund(self, out_trade_no: str, outcome: str, code: str = "NOT_ENOUGH", times: int = 1) -> None:
        """Choose the outcome of the next refund, one of NEXT_REFUND; "refuse": with `code`, the next `times`."""
        if outcome not in NEXT_REFUND or code not in STATUS:
            raise Refused("PARAM_ERROR", f"outcome: {NEXT_REFUND}, code: {tuple(STATUS)}", "/body/outcome")
        with self._store.change():
            trade = self.find("out_trade_no", out_trade_no)
            planned = replace(trade, next_refund=outcome, refuse_code=code, refusals=times)
            self._store.put_transaction(planned)

    def hold_notifications(self, out_trade_no: str, *, held: bool) -> None:
        """Hold the transaction's notifications from now on, or send them again when they occur."""
        with self._store.change():
            self._store.put_transaction(replace(self.find("out_trade_no", out_trade_no), held=held))

    def _notify(self, event_type: str, url: str, trade: Transaction, resource: dict[str, Any]) -> None:
        earlier = self._store.notifications_of(trade.out_trade_no)
        identity = secrets.token_hex(18)
        envelope = {
            "id": identity,
            "create_time": rfc3339(now()),
            "resource_type": "encrypt-resource",
            "event_type": event_type,
            "summary": SUMMARY.get(event_type, "退款异常"),
            "resource": encrypt(self._keys, "transaction" if event_type.startswith("TR") else "refund", resource),
        }
        notification = Notification(
            id=identity,
            position=len(earlier),
            out_trade_no=trade.out_trade_no,
            event_type=event_type,
            url=url,
            body=json.dumps(envelope, ensure_ascii=False),
            due_at=None if trade.held else time.time(),
        )
        self._store.put_notification(notification)
        self._wake()


def _number(prefix: str) -> str:
    """Return 28 digits, like the provider's own numbers."""
    digits = 28 - len(prefix)
    return f"{prefix}{secrets.randbelow(10**digits):0{digits}}"
