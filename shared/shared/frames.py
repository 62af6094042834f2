"""Tolerates messages with malformed AMQP properties, on channels that opt in.

On other channels py-amqp fails on such a message and the connection is lost; after several redeliveries the
message becomes a dead letter, which its consumer must be able to read. The header table is kept if it can be
decoded; the log contains all bytes of the properties.
"""

from collections.abc import Callable
from struct import pack_into, unpack_from
from typing import Any
from weakref import WeakKeyDictionary

from amqp.method_framing import frame_handler
from amqp.serialization import decode_properties_basic

from shared import observe

HEADER_FRAME = 2
FLAGS_AT = 12  # offset: after the class, weight and size of the body
FIRST_THREE, NONE = 0xE000, 0  # property flags: up to the header table, and none
Frame = tuple[int, int, Any]

_tolerant: WeakKeyDictionary[Any, set[int]] = WeakKeyDictionary()


def tolerate(channel: Any) -> None:
    """Accept malformed properties on this channel. Its connection must use `handler`."""
    _tolerant.setdefault(channel.connection, set()).add(channel.channel_id)


def handler(connection: Any, callback: Any) -> Callable[[Frame], bool]:
    """py-amqp's frame handler, which drops malformed properties on tolerant channels."""
    read = frame_handler(connection, callback)

    def on_frame(frame: Frame) -> bool:
        kind, channel_id, payload = frame
        if kind == HEADER_FRAME and channel_id in _tolerant.get(connection, ()):
            frame = (kind, channel_id, readable(bytes(payload)))
        return bool(read(frame))

    return on_frame


def readable(payload: bytes) -> bytes:
    """A header frame's payload that can be decoded: unchanged, without its last properties, or without any."""
    if _can_be_read(payload):
        return payload
    observe.log.warning("malformed message properties", properties=payload[FLAGS_AT:].hex())
    with_headers = _masked(payload, FIRST_THREE)
    return with_headers if _can_be_read(with_headers) else _masked(payload, NONE)


def _can_be_read(payload: bytes) -> bool:
    try:
        decode_properties_basic(payload, FLAGS_AT)
    except Exception:  # noqa: BLE001 - any failure would break the connection
        return False
    return True


def _masked(payload: bytes, mask: int) -> bytes:
    """Clear the flags outside of `mask`, so that the properties after those of the mask are not decoded."""
    (flags,) = unpack_from(">H", payload, FLAGS_AT)
    masked = bytearray(payload)
    pack_into(">H", masked, FLAGS_AT, flags & mask)
    return bytes(masked)
