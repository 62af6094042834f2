"""The two messages of an RPC call: the request, and the answer or error."""

import json
import math
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import amqp

from shared import message_encoding
from shared.errors import Refusal
from shared.ids import new_id

DEFAULT_TIMEOUT = 30.0  # seconds, for a request without a deadline
LONGEST_TIMEOUT = 60.0  # seconds


class RequestMalformed(Refusal):
    """The RPC request is malformed."""

    code = "request_malformed"


@dataclass(frozen=True)
class Request:
    """An RPC request: `argument` is its JSON object, `deadline` the epoch second after which it expires."""

    method: str
    argument: dict[str, Any]
    reply_to: str
    call_id: str | None
    token: str | None
    deadline: float
    correlation_id: UUID
    traceparent: str | None

    @property
    def seconds_left(self) -> float:
        return self.deadline - time.time()

    def answer(self, body: str) -> amqp.Message:
        """The message with an answer for the client."""
        known = {"correlation_id": self.call_id} if self.call_id else {}
        return amqp.Message(
            body, content_type=message_encoding.CONTENT_TYPE, content_encoding="utf-8", delivery_mode=1, **known
        )


def read_request(message: amqp.Message, service: str) -> Request:
    """The request in a message. Raises RequestMalformed for one that cannot be answered."""
    headers = message.headers or {}
    reply_to = message.properties.get("reply_to")
    if not reply_to:
        raise RequestMalformed("no reply_to")
    return Request(
        method=message.delivery_info["routing_key"].removeprefix(f"{service}."),
        argument=_argument(message.body),
        reply_to=reply_to,
        call_id=message.properties.get("correlation_id"),
        token=_text(headers.get("authorization")).removeprefix("Bearer ") or None,
        deadline=_deadline(headers.get("deadline")),
        correlation_id=_uuid(headers.get("correlation_id")),
        traceparent=_text(headers.get("traceparent")) or None,
    )


def error(failure: Exception) -> str:
    """The body of an error answer. It discloses nothing about failures other than refusals.

    The first four fields are those of nameko's own errors, so that its proxies raise a RemoteError.
    """
    refusal = failure if isinstance(failure, Refusal) else None
    name = type(failure).__name__ if refusal else "InternalError"
    detail = refusal.detail if refusal else ""
    return message_encoding.text(
        {
            "result": None,
            "error": {
                "exc_type": name,
                "exc_path": f"jishi.{name}",
                "exc_args": [detail],
                "value": detail,
                "kind": refusal.kind.value if refusal else "internal",
                "code": refusal.code if refusal else "internal",
                "detail": detail,
                "is_specific": refusal.is_specific if refusal else False,
                "facts": json.loads(json.dumps(refusal.facts, default=str)) if refusal else {},
            },
        }
    )


def _argument(body: Any) -> dict[str, Any]:
    """The request is the first argument; nameko's own clients may pass its fields as keywords instead."""
    try:
        call = message_encoding.decode(bytes(body))
        argument = call["args"][0] if call["args"] else call["kwargs"]
    except (ValueError, KeyError, TypeError, IndexError) as wrong:
        raise RequestMalformed(repr(wrong)) from wrong
    if not isinstance(argument, dict):
        raise RequestMalformed("the request is not an object")
    return argument


def _deadline(value: Any) -> float:
    """The epoch second of the deadline, at most LONGEST_TIMEOUT away; the default for a missing or invalid one."""
    try:
        wait = float(value) - time.time()
    except (TypeError, ValueError):
        wait = math.nan
    return time.time() + (min(wait, LONGEST_TIMEOUT) if math.isfinite(wait) else DEFAULT_TIMEOUT)


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        return new_id()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
