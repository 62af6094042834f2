"""A message on the wire: JSON body, CloudEvents 1.0 attributes in the headers (binary mode).

AMQP 0-9-1 has no official CloudEvents binding; the `cloudEvents_` prefix is the one of AMQP 1.0. The
extensions correlation_id, causation_id, in_reply_to, traceparent and not_after travel under their own names.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared import messages
from shared.messages import Envelope, Message

CONTENT_TYPE = "application/json"
EVENTS, COMMANDS = "events", "commands"  # the exchanges; the routing key is the topic
RPC = "nameko-rpc"  # nameko's own name for the exchange of requests and their answers
REPLIES = "replies"  # the routing key is the queue of the command's sender
EXCHANGES = ((EVENTS, "topic"), (COMMANDS, "direct"), (REPLIES, "direct"))
IN_REPLY_TO = "in_reply_to"
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":")
).encode  # `json.dumps` would make one each time
# To find long numbers, every digit is made a zero: a regular expression takes ten times as long.
_AS_ZEROS, _LONG = bytes.maketrans(b"123456789", b"0" * 9), b"0" * 19  # 2**63 has 19 digits
AGAIN = "again"  # the kind of a message that is sent again to one queue, with the same id and headers


def exchange_of(kind: str) -> str:
    """The exchange for messages of a kind. AGAIN uses AMQP's default exchange, whose routing keys are queues."""
    return {messages.Command.kind: COMMANDS, messages.REPLY: REPLIES, AGAIN: ""}.get(kind, EVENTS)


def queue_name(service: str, topic: str) -> str:
    """The queue of a service for the messages of a topic."""
    return f"{service}:{topic}"


def dead_letter_queue(service: str) -> str:
    """The queue of a service's dead letters."""
    return f"dead.{service}"


def rung_name(seconds: float) -> str:
    """The name of the exchange and queue of a rung of the retry ladder."""
    return f"retry.{seconds:g}s"


def schema_of(topic: str) -> str:
    """The id of the JSON Schema of a topic's bodies (docs/contracts/schemas)."""
    return f"urn:jishi:{topic}"


def attributes(topic: str, message_id: UUID, source: str, subject: str, time: datetime) -> dict[str, str]:
    """The CloudEvents attributes of a message, as headers."""
    return {
        "cloudEvents_specversion": "1.0",
        "cloudEvents_type": topic,
        "cloudEvents_id": str(message_id),
        "cloudEvents_source": source,
        "cloudEvents_subject": subject,
        "cloudEvents_time": time.isoformat(),
        "cloudEvents_dataschema": schema_of(topic),
    }


def headers(envelope: Envelope) -> dict[str, str]:
    """All headers of an envelope."""
    body = envelope.body
    extensions = {
        "correlation_id": envelope.correlation_id,
        "causation_id": envelope.causation_id,
        IN_REPLY_TO: envelope.in_reply_to,
        "traceparent": envelope.traceparent,
        "not_after": envelope.not_after and envelope.not_after.isoformat(),
    }
    known = {name: str(value) for name, value in extensions.items() if value is not None}
    return {
        **attributes(body.topic, envelope.message_id, envelope.source, body.subject, envelope.time),
        **known,
    }


def body(envelope: Envelope) -> bytes:
    """The JSON of the message in an envelope."""
    return encode(messages.dump(envelope.body))


def message(topic: str, body: str | bytes) -> Message:
    """Deserialise a JSON body. Raises ValueError, messages.UnknownTopic."""
    return messages.load(topic, decode(body))


def text(data: Any) -> str:
    """Compact JSON, without escapes for Chinese."""
    return encode(data).decode()


def encode(data: Any) -> bytes:
    """Compact JSON in UTF-8. What is too deep or too large for the quick encoder is left to Python's."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return _encode(data).encode()


def decode(text: str | bytes) -> Any:
    """The data of a JSON text. Raises ValueError.

    The quick decoder makes floats of integers above 64 bits, so these are left to Python's.
    """
    data = orjson.loads(text)
    raw = text.encode() if isinstance(text, str) else text
    return _with_long_numbers(raw) if _LONG in raw.translate(_AS_ZEROS) else data


def _with_long_numbers(text: bytes) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("numbers of 19 digits in lists as deep as that") from None
