"""Encodes the frames of a message at once: pika makes an object of each, and calls a function for each field."""

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from typing import Any

import pika.data

from shared.message_encoding import CONTENT_TYPE

METHOD, HEADER, BODY = 1, 2, 3
FRAME, END = Struct(">BHI"), b"\xce"  # a frame's kind, its channel, and the size of its payload; its last byte
AROUND = FRAME.size + len(END)
PUBLISH = b"\x00\x3c\x00\x28\x00\x00"  # method 40 of class 60, basic
CONTENT = Struct(">HHQH")  # a header: class and weight, the size of the body, and which properties are set
BASIC, SENT = 60, 1 << 15 | 1 << 13 | 1 << 12 | 1 << 7  # content type, headers, delivery mode, message id
PERSISTENT = b"\x02"
LONG = Struct(">I")


def encoded(
    channel: Any,
    exchange: str,
    key: str,
    *,
    headers: Mapping[str, Any],
    message_id: str,
    body: bytes,
    mandatory: bool,
) -> bytes:
    """The frames of a persistent message in JSON. Raises exceptions for what AMQP cannot carry."""
    number, largest = channel.channel_number, channel.connection.params.frame_max - AROUND
    method = b"".join((PUBLISH, _known(exchange), _known(key), b"\x01" if mandatory else b"\x00"))
    properties = (_known(CONTENT_TYPE), _table(headers), PERSISTENT, _short(message_id))
    header = CONTENT.pack(BASIC, 0, len(body), SENT) + b"".join(properties)
    bodies = (_frame(BODY, number, body[at : at + largest]) for at in range(0, len(body), largest))
    return b"".join((_frame(METHOD, number, method), _frame(HEADER, number, header), *bodies))


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return FRAME.pack(kind, channel, len(payload)) + payload + END


def _table(headers: Mapping[str, Any]) -> bytes:
    parts: list[bytes] = []
    for name, value in headers.items():
        if type(value) is not str:  # such as the counters of a message that is sent again
            return _any_table(headers)
        text = value.encode()
        parts += (_known(name), b"S", LONG.pack(len(text)), text)
    table = b"".join(parts)
    return LONG.pack(len(table)) + table


def _any_table(headers: Mapping[str, Any]) -> bytes:
    pieces: list[bytes] = []
    pika.data.encode_table(pieces, dict(headers))
    return b"".join(pieces)


@lru_cache(1000)
def _known(text: str) -> bytes:
    """A text that occurs in many messages, with its length before it."""
    return _short(text)


def _short(text: str) -> bytes:
    data = text.encode()
    return bytes((len(data),)) + data
