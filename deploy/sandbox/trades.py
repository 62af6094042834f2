"""Transactions and refunds of the provider, and their transitions."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sandbox.errors import Refused

NOTPAY, PAYERROR, SUCCESS, REFUND, CLOSED = "NOTPAY", "PAYERROR", "SUCCESS", "REFUND", "CLOSED"
PROCESSING, ABNORMAL = "PROCESSING", "ABNORMAL"

# Transitions of a transaction: from each state to the next.
TRANSACTION_TRANSITIONS = {
    "pay": {NOTPAY: SUCCESS, PAYERROR: SUCCESS},
    "fail": {NOTPAY: PAYERROR, PAYERROR: PAYERROR},
    "close": {NOTPAY: CLOSED, PAYERROR: CLOSED},
    "pay-late": {NOTPAY: SUCCESS, PAYERROR: SUCCESS, CLOSED: SUCCESS},
    "refund": {SUCCESS: REFUND, REFUND: REFUND},
}
REFUND_TRANSITIONS = {
    "succeed": {PROCESSING: SUCCESS, ABNORMAL: SUCCESS},
    "abnormal": {PROCESSING: ABNORMAL},
    "close": {PROCESSING: CLOSED},
}
# The provider's refusal where a state does not allow a move.
REFUSALS = {
    NOTPAY: ("TRADE_ERROR", "订单未支付"),
    PAYERROR: ("TRADE_ERROR", "订单未支付"),
    SUCCESS: ("ORDERPAID", "该订单已支付"),
    REFUND: ("ORDERPAID", "该订单已支付"),
    CLOSED: ("ORDER_CLOSED", "该订单已关闭"),
}


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """One payment; `amount` in fen. Held notifications and the outcome of the next refund are set by controls."""

    out_trade_no: str
    appid: str
    mchid: str
    description: str
    amount: int
    notify_url: str
    time_expire: str | None
    attach: str | None
    code_url: str
    created_at: str
    state: str = NOTPAY
    transaction_id: str | None = None
    success_time: str | None = None
    next_refund: str = "succeed"
    refusals: int = 0  # how many refunds are refused with `refuse_code` before the next one is accepted
    refuse_code: str = "NOT_ENOUGH"
    held: bool = False

    def move(self, name: str) -> "Transaction":
        """Return the transaction after the move; raise the provider's refusal if it is not allowed."""
        after = TRANSACTION_TRANSITIONS[name].get(self.state)
        if after is None:
            raise Refused(*REFUSALS[self.state])
        if name == "pay" and self.expired():
            raise Refused("ORDER_CLOSED", "订单已过支付截止时间")
        return replace(self, state=after)

    def expired(self) -> bool:
        """Whether the time to pay is over. The provider reports NOTPAY until the order is closed."""
        return self.time_expire is not None and timestamp(self.time_expire) <= now()

    def same_order(self, other: "Transaction") -> bool:
        """Whether `other` is the same payment, so that its prepay is a repetition."""
        fields = ("appid", "description", "amount", "notify_url", "time_expire", "attach")
        return all(getattr(self, field) == getattr(other, field) for field in fields)


@dataclass(frozen=True, kw_only=True)
class Refund:
    """A refund; `amount` in fen. At `due_at` (epoch seconds), if set, `outcome` happens automatically."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str
    amount: int
    reason: str | None
    notify_url: str | None
    created_at: str
    outcome: str
    due_at: float | None
    state: str = PROCESSING
    success_time: str | None = None

    def move(self, name: str) -> "Refund":
        """Return the refund after the move; a finished one raises INVALID_REQUEST."""
        after = REFUND_TRANSITIONS[name].get(self.state)
        if after is None:
            raise Refused("INVALID_REQUEST", f"退款状态为{self.state}")
        arrived = rfc3339(now()) if after == SUCCESS else None
        return replace(self, state=after, due_at=None, success_time=arrived)


def timestamp(text: str) -> datetime:
    """Read a timestamp with an offset (RFC 3339); raise ValueError for any other."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


def rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def transaction_document(trade: Transaction) -> dict[str, Any]:
    """Return the transaction in the format of queries and TRANSACTION.SUCCESS."""
    payment = {
        "transaction_id": trade.transaction_id,
        "trade_type": "NATIVE",
        "bank_type": "OTHERS",
        "success_time": trade.success_time,
        "payer": {"openid": "oSandboxPayer000000000000000"},
    }
    money = {"total": trade.amount, "currency": "CNY"}
    paid = trade.transaction_id is not None
    return {
        "appid": trade.appid,
        "mchid": trade.mchid,
        "out_trade_no": trade.out_trade_no,
        "trade_state": trade.state,
        "trade_state_desc": trade.state,
        "attach": trade.attach or "",
        "amount": money | ({"payer_total": trade.amount, "payer_currency": "CNY"} if paid else {}),
        **(payment if paid else {}),
    }


def refund_document(refund: Refund, trade: Transaction) -> dict[str, Any]:
    """Return the refund in the format of its request and queries."""
    return {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": trade.transaction_id,
        "out_trade_no": trade.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": refund.created_at,
        "status": refund.state,
        "funds_account": "AVAILABLE",
        "amount": _refund_money(refund, trade) | {"currency": "CNY", "discount_refund": 0},
        **({"success_time": refund.success_time} if refund.success_time else {}),
    }


def refund_notification(refund: Refund, trade: Transaction) -> dict[str, Any]:
    """Return the refund in the format of REFUND.* notifications: other names, and no currency."""
    return {
        "mchid": trade.mchid,
        "out_trade_no": trade.out_trade_no,
        "transaction_id": trade.transaction_id,
        "out_refund_no": refund.out_refund_no,
        "refund_id": refund.refund_id,
        "refund_status": refund.state,
        "user_received_account": "支付用户零钱",
        "amount": _refund_money(refund, trade),
        **({"success_time": refund.success_time} if refund.success_time else {}),
    }


def _refund_money(refund: Refund, trade: Transaction) -> dict[str, int]:
    return {
        "total": trade.amount,
        "refund": refund.amount,
        "payer_total": trade.amount,
        "payer_refund": refund.amount,
    }
