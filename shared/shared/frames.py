"""Reads AMQP frames: many with each read of the socket, and messages with malformed properties where it is wanted.

py-amqp reads each frame in three parts, with two or more calls of the system; `read_in_blocks` replaces that, and
`handle_arrived` handles what was read with one call. Deliveries are decoded by `shared.deliveries`.

A channel may tolerate malformed properties. On other channels py-amqp fails on such a message and the connection
is lost; after several redeliveries the message becomes a dead letter, which its consumer must be able to read. The
header table is kept if it can be decoded; the log contains all bytes of the properties.
"""

from collections.abc import Callable
from struct import Struct, pack_into, unpack_from
from typing import Any
from weakref import WeakKeyDictionary

from amqp.exceptions import UnexpectedFrame
from amqp.method_framing import frame_handler
from amqp.serialization import decode_properties_basic

from shared import observe
from shared.deliveries import FLAGS_AT, HEADER_FRAME, Deliveries

FIRST_THREE, NONE = 0xE000, 0  # property flags: up to the header table, and none
Frame = tuple[int, int, Any]

BLOCK = 64 * 1024  # bytes read at once
HEAD = Struct(">BHI")  # of a frame: its kind, its channel, and the size of its payload
FRAME_END = 0xCE
_tolerant: WeakKeyDictionary[Any, set[int]] = WeakKeyDictionary()
_blocks: WeakKeyDictionary[Any, "Blocks"] = WeakKeyDictionary()


class Blocks:
    """The frames of a socket. A read that times out loses nothing: the next one continues."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._block, self._at = b"", 0

    def read_frame(self) -> Frame:
        """The next frame. Raises OSError."""
        while (frame := self.next()) is None:
            more = self._receive(BLOCK)
            if not more:
                raise OSError("the broker closed the connection")
            self._block, self._at = self._block[self._at :] + more, 0
        return frame

    def next(self) -> Frame | None:
        """The next frame, if it has arrived."""
        start = self._at + HEAD.size
        if len(self._block) < start:
            return None
        kind, channel_id, size = HEAD.unpack_from(self._block, self._at)
        end = start + size
        if len(self._block) <= end:
            return None
        if self._block[end] != FRAME_END:
            raise UnexpectedFrame(f"a frame of channel {channel_id} ends with {self._block[end]:#x}")
        self._at = end + 1
        return kind, channel_id, self._block[start:end]


def read_in_blocks(connection: Any) -> None:
    """Let an open py-amqp connection read blocks; it must not have read beyond a frame."""
    transport = connection.transport
    blocks = _blocks[connection] = Blocks(transport.sock.recv)
    transport.read_frame = blocks.read_frame


def handle_arrived(connection: Any) -> None:
    """Handle the frames that arrived together with one that was handled. Raises as py-amqp does."""
    blocks = _blocks[connection]
    while connection.connected and (frame := blocks.next()):
        connection.on_inbound_frame(frame)


def tolerate(channel: Any) -> None:
    """Accept malformed properties on this channel. Its connection must use `handler`."""
    _tolerant.setdefault(channel.connection, set()).add(channel.channel_id)


def handler(connection: Any, callback: Any) -> Callable[[Frame], bool]:
    """py-amqp's frame handler; deliveries do not pass it, and tolerant channels drop malformed properties."""
    read, deliveries = frame_handler(connection, callback), Deliveries(connection)
    tolerant = _tolerant.setdefault(connection, set())

    def on_frame(frame: Frame) -> bool:
        kind, channel_id, payload = frame
        if (completed := deliveries.continues(*frame)) is not None:
            connection.bytes_recv += 1  # for the heartbeats, as py-amqp's handler
            return completed
        if channel_id in tolerant:
            return bool(read((kind, channel_id, readable(payload)) if kind == HEADER_FRAME else frame))
        return not deliveries.begins(*frame) and bool(read(frame))

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
