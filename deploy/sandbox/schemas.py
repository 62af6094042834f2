"""The merchant's requests, checked field by field as the provider does."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import Refused
from sandbox.trades import timestamp

ORDER_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Prepay:
    """A request for a payment; `amount` in fen."""

    appid: str
    mchid: str
    description: str
    out_trade_no: str
    notify_url: str
    amount: int
    time_expire: str | None
    attach: str | None


@dataclass(frozen=True, kw_only=True)
class RefundOrder:
    """A request for a refund; `amount` of the `total` that was paid, in fen."""

    out_refund_no: str
    out_trade_no: str | None
    transaction_id: str | None
    amount: int
    total: int
    reason: str | None
    notify_url: str | None


def document(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; anything else is a PARAM_ERROR."""
    try:
        value = json.loads(body)
    except ValueError:
        raise Refused("PARAM_ERROR", "请求体不是合法的JSON") from None
    if not isinstance(value, dict):
        raise Refused("PARAM_ERROR", "请求体不是JSON对象")
    return value


def prepay(body: dict[str, Any]) -> Prepay:
    """Check the fields of a native prepay and return them."""
    return Prepay(
        appid=_text(body, "appid", 32),
        mchid=_text(body, "mchid", 32),
        description=_text(body, "description", 127),
        out_trade_no=_number(body, "out_trade_no", ORDER_NUMBER),
        notify_url=_address(_text(body, "notify_url", 255)),
        amount=_fen(_money(body), "total"),
        time_expire=_future(body.get("time_expire")),
        attach=_optional(body, "attach", 128),
    )


def refund(body: dict[str, Any]) -> RefundOrder:
    """Check the fields of a refund and return them."""
    money = _money(body)
    address = _optional(body, "notify_url", 256)
    if not (body.get("transaction_id") or body.get("out_trade_no")):
        raise Refused("PARAM_ERROR", "transaction_id与out_trade_no必填其一", "/body/out_trade_no")
    return RefundOrder(
        out_refund_no=_number(body, "out_refund_no", REFUND_NUMBER),
        out_trade_no=_optional(body, "out_trade_no", 32),
        transaction_id=_optional(body, "transaction_id", 32),
        amount=_fen(money, "refund"),
        total=_fen(money, "total"),
        reason=_optional(body, "reason", 80),
        notify_url=_address(address) if address else None,
    )


def _money(body: dict[str, Any]) -> dict[str, Any]:
    money = body.get("amount")
    if not isinstance(money, dict):
        raise Refused("PARAM_ERROR", "参数错误", "/body/amount")
    if money.get("currency", "CNY") != "CNY":
        raise Refused("PARAM_ERROR", "境内商户号仅支持人民币", "/body/amount/currency")
    return money


def _fen(money: dict[str, Any], name: str) -> int:
    value = money.get(name)
    if type(value) is not int or value <= 0:  # bool is an int in Python
        raise Refused("PARAM_ERROR", "金额必须为大于0的整数，单位为分", f"/body/amount/{name}")
    return value


def _text(body: dict[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise Refused("PARAM_ERROR", f"{name}必填，最长{longest}个字符", f"/body/{name}")
    return value


def _optional(body: dict[str, Any], name: str, longest: int) -> str | None:
    return None if body.get(name) is None else _text(body, name, longest)


def _number(body: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused("PARAM_ERROR", f"{name}格式错误", f"/body/{name}")
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    # The real provider requires https; a merchant under test has no certificate.
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise Refused("PARAM_ERROR", "notify_url必须为不带参数的完整地址", "/body/notify_url")
    return value


def _future(value: object) -> str | None:
    """Check that an expiry is a timestamp. One in the past is accepted, and cannot be paid."""
    if value is None:
        return None
    try:
        timestamp(str(value))
    except ValueError:
        raise Refused("PARAM_ERROR", "time_expire须遵循rfc3339标准格式", "/body/time_expire") from None
    return str(value)
