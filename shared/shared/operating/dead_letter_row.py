"""Converts a dead letter to a row of the table. It accepts any headers, so that every one can be stored."""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.delivery import DEAD_QUEUE, RESENT, RETRIED, TRIES, Delivery
from shared.ids import new_id
from shared.loading import UNSTORABLE
from shared.message_encoding import queue_name
from shared.topology import DELIVERY_LIMIT

Json = dict[str, Any]
LARGEST = 2**31 - 1  # of an integer column
LONGEST_NAME = 255  # bytes of a routing key; an index entry may have about 2,700
DEEPEST = 20  # nested levels of the headers
WORDS, TIMESTAMPS = ("handler", "exception", "message", "stack", "host"), ("first_failed_at", "last_failed_at")
KILLED = {"exception": "delivery_limit", "message": "Delivered DELIVERY_LIMIT times and never acknowledged."}
# Prefixes of headers that were added when the message failed.
ADDED = ("dead_", "x-death", "x-first-death-", "x-last-death-", "x-delivery-count", TRIES)


def row(service: str, delivery: Delivery) -> Json:
    """The row of a delivery from the dead letters of a service."""
    headers = storable(delivery.headers)
    topic = str(headers.get("cloudEvents_type", "unknown"))[:LONGEST_NAME]
    queue = str(headers.get(DEAD_QUEUE) or _killed_in(headers) or queue_name(service, topic))
    message_id = _maybe(UUID, headers.get("cloudEvents_id"))
    found = {"dead_letter_id": new_id(), "message_id": message_id, "topic": topic, "queue": queue}
    retried = _whole(headers.get(RETRIED)) or 0
    found |= {"body": delivery.body, "headers": headers, "retried": retried, "arrived_at": datetime.now(UTC)}
    return found | _cause(headers) | {"copy": _copy(found)}


def own_headers(headers: Mapping[str, Any]) -> Json:
    """The headers that the message had before it failed."""
    return {name: value for name, value in headers.items() if not name.startswith(ADDED)}


def storable(value: Any, deep: int = 0) -> Any:
    """The value as JSON that PostgreSQL can store."""
    if deep > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {storable(_text(name)): storable(one, deep + 1) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one, deep + 1) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return UNSTORABLE.sub("\ufffd", _text(value))


def _cause(headers: Json) -> Json:
    """Why it failed: recorded by the handler's process, or by the broker for a poison message."""
    if "dead_exception" not in headers and _killed_in(headers):
        return {**dict.fromkeys((*WORDS, *TIMESTAMPS)), **KILLED, "attempts": DELIVERY_LIMIT}
    words = {name: _maybe(str, headers.get(f"dead_{name}")) for name in WORDS}
    timestamps = {name: _maybe(_timestamp, headers.get(f"dead_{name}")) for name in TIMESTAMPS}
    return {**words, **timestamps, "attempts": _whole(headers.get("dead_attempts"))}


def _killed_in(headers: Json) -> str | None:
    """The queue whose delivery limit the message reached."""
    deaths = headers.get("x-death")
    for death in deaths if isinstance(deaths, list) else ():
        if isinstance(death, dict) and death.get("reason") == "delivery_limit":
            return str(death.get("queue"))
    return None


def _copy(dead_letter: Json) -> str:
    """A digest, the same for all copies of one failure: of message id, number of retries and id of the resend.

    For messages without an id the headers, which have timestamps, are used instead.
    """
    identity = dead_letter["message_id"] or json.dumps(dead_letter["headers"], sort_keys=True)
    resent = dead_letter["headers"].get(RESENT, "")
    parts = (dead_letter["queue"], str(identity), f"{dead_letter['retried']}{resent}")
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(dead_letter["body"])
    return digest.hexdigest()


def _timestamp(value: Any) -> datetime | None:
    timestamp = datetime.fromisoformat(value)
    return timestamp.astimezone(UTC) if timestamp.tzinfo else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= LARGEST else None


def _maybe(read: Any, value: Any) -> Any:
    try:
        return None if value is None else read(value)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None


def _text(value: Any) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
