"""Reads the messages that the broker delivers to consumers, without py-amqp's work for each of their fields.

`Deliveries` takes the frames of deliveries on channels whose bodies stay bytes. Properties that are not as usual
are decoded by py-amqp, to which all other frames are left.
"""

from collections.abc import Mapping
from functools import cache
from struct import Struct, error
from typing import Any

import amqp
from amqp.exceptions import UnexpectedFrame
from amqp.serialization import decode_properties_basic

METHOD_FRAME, HEADER_FRAME, BODY_FRAME = 1, 2, 3
DELIVER = b"\x00\x3c\x00\x3c"  # method 60 of class 60, basic
TAG = Struct(">QB")  # the delivery tag, and whether it is a redelivery
SIZE, SIZE_AT = Struct(">Q"), 4  # of the body, in a header: after the class and the weight
FLAGS, FLAGS_AT = Struct(">H"), 12  # which properties are set
LONG = Struct(">I")
SHORT_TEXT = b"S\0\0\0"  # before a value in a table: its type, and three of the four bytes of its length
TEXT, TABLE, BYTE = range(3)
# Those that are usually set, in the order in which they are sent.
USUAL = (
    (1 << 15, "content_type", TEXT),
    (1 << 14, "content_encoding", TEXT),
    (1 << 13, "application_headers", TABLE),
    (1 << 12, "delivery_mode", BYTE),
    (1 << 11, "priority", BYTE),
    (1 << 10, "correlation_id", TEXT),
    (1 << 9, "reply_to", TEXT),
    (1 << 8, "expiration", TEXT),
    (1 << 7, "message_id", TEXT),
)
UNUSUAL = (1 << 7) - 1


class Unusual(Exception):
    """The properties are malformed or not as usual."""


class Deliveries:
    """The deliveries of a connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._begun: dict[int, _Delivery] = {}  # by channel

    def begins(self, kind: int, channel_id: int, payload: bytes) -> bool:
        """Whether this frame begins a delivery that is read here. Raises UnexpectedFrame."""
        if kind != METHOD_FRAME or payload[:4] != DELIVER:
            return False
        channel = self._connection.channels.get(channel_id)
        if channel is None or channel.is_closing or channel.auto_decode:
            return False
        if channel_id in self._begun:
            raise UnexpectedFrame(f"a message of channel {channel_id} ends before its body")
        self._begun[channel_id] = _Delivery(channel, payload)
        return True

    def continues(self, kind: int, channel_id: int, payload: bytes) -> bool | None:
        """Whether this frame completed a delivery; None if it belongs to none. Raises UnexpectedFrame."""
        delivery = self._begun.get(channel_id)
        if delivery is None or kind not in (HEADER_FRAME, BODY_FRAME):
            return None
        if not (delivery.header(payload) if kind == HEADER_FRAME else delivery.body(payload)):
            return False
        del self._begun[channel_id]
        delivery.hand_over()
        return True


class _Delivery:
    """A message being received."""

    def __init__(self, channel: Any, arguments: bytes) -> None:
        self._channel, self._arguments = channel, arguments
        self._properties: dict[str, Any] | None = None
        self._parts: list[bytes] = []
        self._left = 0

    def header(self, payload: bytes) -> bool:
        """The header. Whether the message is complete: it has no body."""
        if self._properties is not None:
            raise UnexpectedFrame("a message has two headers")
        self._properties = properties(payload)
        (self._left,) = SIZE.unpack_from(payload, SIZE_AT)
        return not self._left

    def body(self, payload: bytes) -> bool:
        """A part of the body. Whether it was the last."""
        if self._properties is None:
            raise UnexpectedFrame("a message has no header")
        self._parts.append(payload)
        self._left -= len(payload)
        return self._left <= 0

    def hand_over(self) -> None:
        """Give the message to its consumer, unless the channel is being closed."""
        message = amqp.Message(b"".join(self._parts), **self._properties or {})
        if not self._channel.is_closing:
            self._channel._on_basic_deliver(*_arguments(self._arguments), message)  # noqa: SLF001 - as py-amqp does


def properties(payload: bytes) -> dict[str, Any]:
    """The properties in a header frame's payload, as py-amqp decodes them."""
    try:
        return _usual(payload)
    except (Unusual, LookupError, ValueError, error):
        found: dict[str, Any] = decode_properties_basic(payload, FLAGS_AT)[0]
        return found


def _usual(payload: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    at = FLAGS_AT + FLAGS.size
    for name, kind in _set_by(*FLAGS.unpack_from(payload, FLAGS_AT)):
        if kind == TEXT:
            found[name], at = _text(payload, at)
        elif kind == TABLE:
            found[name], at = _table(payload, at)
        else:
            found[name], at = payload[at], at + 1
    if at != len(payload):
        raise Unusual
    return found


@cache
def _set_by(flags: int) -> tuple[tuple[str, int], ...]:
    """The properties that these flags announce."""
    if flags & UNUSUAL:
        raise Unusual
    return tuple((name, kind) for flag, name, kind in USUAL if flags & flag)


def _table(payload: bytes, at: int) -> tuple[Mapping[str, str], int]:
    """A table of short ASCII texts, and the offset after it."""
    begin = at + LONG.size
    end = begin + LONG.unpack_from(payload, at)[0]
    table = payload[begin:end]
    text, found, at = table.decode("ascii"), {}, 0
    while at < len(text):
        kind_at = at + 1 + table[at]
        if table[kind_at : kind_at + 4] != SHORT_TEXT:
            raise Unusual
        value_at = kind_at + 5
        name, at = text[at + 1 : kind_at], value_at + table[kind_at + 4]
        found[name] = text[value_at:at]
    if at != end - begin:
        raise Unusual
    return found, end


def _arguments(payload: bytes) -> tuple[str, int, bool, str, str]:
    """Of a delivery: the consumer's tag, the delivery's, whether it is repeated, the exchange, the routing key."""
    consumer, at = _text(payload, len(DELIVER))
    tag, redelivered = TAG.unpack_from(payload, at)
    exchange, at = _text(payload, at + TAG.size)
    key, _ = _text(payload, at)
    return consumer, tag, bool(redelivered), exchange, key


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and the offset after it."""
    end = at + 1 + data[at]
    return data[at + 1 : end].decode(), end
