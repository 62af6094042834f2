"""Reading what py-amqp would break on: a message whose properties are no AMQP, on channels that asked for it.

Everywhere else such a message costs the connection, is delivered again, and so comes to the dead letters. There
it has to be read. Its header table, if that can be read, is kept; of the rest the log has every byte.
"""

from collections.abc import Callable
from struct import pack_into, unpack_from
from typing import Any
from weakref import WeakKeyDictionary

from amqp.method_framing import frame_handler
from amqp.serialization import decode_properties_basic

from shared import observe

HEADER_FRAME = 2
FLAGS_AT = 12  # behind class, weight and size of the body
FIRST_THREE, NONE = 0xE000, 0  # property flags: up to the header table, and none at all
Frame = tuple[int, int, Any]

_tolerant: WeakKeyDictionary[Any, set[int]] = WeakKeyDictionary()


def tolerate(channel: Any) -> None:
    """Read whatever comes on this channel. Its connection must read by `handler`."""
    _tolerant.setdefault(channel.connection, set()).add(channel.channel_id)


def handler(connection: Any, callback: Any) -> Callable[[Frame], bool]:
    """py-amqp's reader of frames, which leaves out what cannot be read where that is wanted."""
    read = frame_handler(connection, callback)

    def on_frame(frame: Frame) -> bool:
        kind, channel_id, payload = frame
        if kind == HEADER_FRAME and channel_id in _tolerant.get(connection, ()):
            frame = (kind, channel_id, readable(bytes(payload)))
        return bool(read(frame))

    return on_frame


def readable(payload: bytes) -> bytes:
    """A header frame's payload that can be read: as it is, without its last properties, or without any."""
    if _can_be_read(payload):
        return payload
    observe.log.warning("properties of a message cannot be read", properties=payload[FLAGS_AT:].hex())
    with_headers = _masked(payload, FIRST_THREE)
    return with_headers if _can_be_read(with_headers) else _masked(payload, NONE)


def _can_be_read(payload: bytes) -> bool:
    try:
        decode_properties_basic(payload, FLAGS_AT)
    except Exception:  # noqa: BLE001 - whatever it is, it would break the connection
        return False
    return True


def _masked(payload: bytes, mask: int) -> bytes:
    """Properties stand in the order of their flags: without the later flags nobody reads the later ones."""
    (flags,) = unpack_from(">H", payload, FLAGS_AT)
    masked = bytearray(payload)
    pack_into(">H", masked, FLAGS_AT, flags & mask)
    return bytes(masked)
