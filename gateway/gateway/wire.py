"""Requests, replies and events on a connection to RabbitMQ, without aiormq's work for each message.

aiormq makes objects of all frames, and passes them on through queues and tasks. A channel with one consumer
without acknowledgements is read here instead: its messages are handed over as soon as their bytes arrive. Requests
are written as they are. All else, such as connecting, declaring and closing, is left to aiormq.
"""

import asyncio
from collections.abc import Callable, Iterable
from struct import Struct
from typing import Any, SupportsIndex

from aiormq.abc import AbstractChannel
from aiormq.connection import TransportFactory
from aiormq.exceptions import AMQPConnectionError
from yarl import URL

from shared import observe

METHOD, HEADER, BODY, FRAME_END = 1, 2, 3, 0xCE
FRAME = Struct(">BHI")  # a frame's kind, its channel, and the size of its payload
AROUND = FRAME.size + 1  # bytes of a frame beside its payload
DELIVER, PUBLISH = b"\x00\x3c\x00\x3c", b"\x00\x3c\x00\x28"  # methods 60 and 40 of class 60, basic
TAG = 9  # bytes: the delivery tag, and whether it is a redelivery
CONTENT = Struct(">HHQH")  # a header: class and weight, the size of the body, and which properties are set
BASIC, LONG = 60, Struct(">I")  # the class, and a length
# Properties, in the order in which they are sent; those up to the correlation id are passed over to find it.
TEXT, TABLE, BYTE = range(3)
BEFORE = ((1 << 15, TEXT), (1 << 14, TEXT), (1 << 13, TABLE), (1 << 12, BYTE), (1 << 11, BYTE))
CORRELATION_ID = 1 << 10
SENT = 0b1111_0111_1000_0000  # content type and encoding, headers, mode; correlation id up to the message id
JSON, TRANSIENT = b"\x10application/json\x05utf-8", b"\x01"
# aiormq takes a connection without frames for a stuck one, and RabbitMQ sends heartbeats only while it is idle.
HEARTBEAT, BEAT = b"\x08\x00\x00\x00\x00\x00\x00\xce", 1.0  # the frame, and seconds between two

Received = Callable[[str, str, bytes], None]  # takes the routing key, the correlation id ("": none) and the body


async def passed_over(_message: object) -> None:
    """The consumer that aiormq knows of a channel that is read here: it gets nothing."""


class Wire(TransportFactory):
    """The transport of one connection of aiormq."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._consumers: dict[int, Received] = {}

    async def create(self, url: URL, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect; aiormq reads what is not taken by a consumer."""
        loop, tls = asyncio.get_running_loop(), options.pop("ssl_context_provider")
        context = await tls.get_context() if url.scheme == "amqps" else None
        reader = _Reader(self._consumers)
        try:
            transport, protocol = await loop.create_connection(
                lambda: asyncio.StreamReaderProtocol(reader), url.host or "", url.port or 0, ssl=context, **options
            )
        except OSError as failure:
            raise AMQPConnectionError(*failure.args) from failure
        self._transport = transport
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    def consume(self, channel: int, received: Received) -> None:
        """Hand over the messages that are delivered on this channel."""
        self._consumers[channel] = received

    def send(self, frames: bytes) -> None:
        """Send frames. Raises ConnectionError."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the connection to the broker is closed")
        self._transport.write(frames)


class Requests:
    """Sends requests on a channel: transient messages in JSON, with a queue for the reply."""

    def __init__(self, wire: Wire, channel: AbstractChannel, exchange: str, reply_to: str) -> None:
        self._wire, self._channel = wire, channel
        self._largest = channel.connection.connection_tune.frame_max - AROUND  # bytes of a body in one frame
        self._publish = PUBLISH + b"\x00\x00" + _short(exchange)
        self._reply_to = _short(reply_to)

    def send(self, method: str, call_id: str, headers: dict[str, str], within: float, body: bytes) -> None:
        """Send a request, which expires after `within` seconds. Raises ConnectionError."""
        if self._channel.is_closed:
            raise ConnectionError("the channel is closed")
        parts = [self._frame(METHOD, self._publish + _short(method) + b"\x00")]
        parts.append(self._frame(HEADER, self._header(call_id, headers, within, len(body))))
        parts += (self._frame(BODY, body[at : at + self._largest]) for at in range(0, len(body), self._largest))
        self._wire.send(b"".join(parts))

    def _header(self, call_id: str, headers: dict[str, str], within: float, size: int) -> bytes:
        table = b"".join(_short(name) + b"S" + _long(value.encode()) for name, value in headers.items())
        number, expiration = _short(call_id), _short(str(int(within * 1000)))
        properties = (JSON, _long(table), TRANSIENT, number, self._reply_to, expiration, number)
        return CONTENT.pack(BASIC, 0, size, SENT) + b"".join(properties)

    def _frame(self, kind: int, payload: bytes) -> bytes:
        return FRAME.pack(kind, self._channel.number, len(payload)) + payload + b"\xce"


class _Message:
    """A message being received."""

    def __init__(self, received: Received, method: bytes) -> None:
        self._received = received
        _, at = _text(method, len(DELIVER))  # the consumer
        _, at = _text(method, at + TAG)  # the exchange
        self._routing_key, _ = _text(method, at)
        self._parts: list[bytes] = []

    def header(self, payload: bytes) -> bool:
        """The header. Whether the message is complete: it has no body."""
        _, _, self._left, flags = CONTENT.unpack_from(payload)
        self._correlation_id = _correlation_id(payload, flags)
        return not self._left

    def body(self, payload: bytes) -> bool:
        """A part of the body. Whether it was the last."""
        self._parts.append(payload)
        self._left -= len(payload)
        return self._left <= 0

    def hand_over(self) -> None:
        self._received(self._routing_key, self._correlation_id, b"".join(self._parts))


class _Reader(asyncio.StreamReader):
    """Takes the messages for consumers out of what aiormq reads."""

    def __init__(self, consumers: dict[int, Received]) -> None:
        super().__init__()
        self._consumers = consumers
        self._begun: dict[int, _Message] = {}  # by channel
        self._rest = b""
        self._clock = asyncio.get_running_loop().time
        self._passed_on = self._clock()

    def feed_data(self, more: Iterable[SupportsIndex]) -> None:
        """Bytes have arrived."""
        data, at, others = self._rest + bytes(more), 0, []
        while len(data) - at >= AROUND:
            kind, channel, size = FRAME.unpack_from(data, at)
            end = at + AROUND + size
            if end > len(data):
                break
            received = self._consumers.get(channel)
            payload = data[at + FRAME.size : end - 1]
            if received is None or data[end - 1] != FRAME_END or not self._takes(received, kind, channel, payload):
                others.append(data[at:end])
            at = end
        self._rest = data[at:]
        self._pass_on(b"".join(others))

    def feed_eof(self) -> None:
        """The connection has ended."""
        rest, self._rest = self._rest, b""
        if rest:  # such as another protocol's header
            super().feed_data(rest)
        super().feed_eof()

    def _pass_on(self, frames: bytes) -> None:
        now = self._clock()
        if not frames and now < self._passed_on + BEAT:
            return
        self._passed_on = now
        super().feed_data(frames or HEARTBEAT)

    def _takes(self, received: Received, kind: int, channel: int, payload: bytes) -> bool:
        """Whether this frame belongs to a message for a consumer, who is given it when it is complete."""
        if kind == METHOD and payload.startswith(DELIVER):
            self._begun[channel] = _Message(received, payload)
            return True
        message = self._begun.get(channel)
        if message is None or kind not in (HEADER, BODY):
            return False
        if message.header(payload) if kind == HEADER else message.body(payload):
            del self._begun[channel]
            _hand_over(message)
        return True


def _hand_over(message: _Message) -> None:
    try:
        message.hand_over()
    except Exception as failure:  # noqa: BLE001 - concerns this message only, not the connection
        observe.log.error("a message could not be processed", exc_info=failure)


def _correlation_id(header: bytes, flags: int) -> str:
    if not flags & CORRELATION_ID:
        return ""
    at = CONTENT.size
    for flag, kind in BEFORE:
        if flags & flag:
            at += _length(header, at, kind)
    return _text(header, at)[0]


def _length(data: bytes, at: int, kind: int) -> int:
    if kind == TABLE:
        return LONG.size + int(LONG.unpack_from(data, at)[0])
    return 1 + data[at] if kind == TEXT else 1


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and the offset after it."""
    end = at + 1 + data[at]
    return data[at + 1 : end].decode(), end


def _short(text: str) -> bytes:
    encoded = text.encode()
    return bytes((len(encoded),)) + encoded


def _long(data: bytes) -> bytes:
    return LONG.pack(len(data)) + data
