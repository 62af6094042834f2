"""The relay's connection to the broker: publishes without waiting, reports every confirm, always reconnects."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pika
from pika.exceptions import ChannelClosedByBroker, ChannelWrongStateError, ConnectionClosedByBroker

from shared import message_encoding, message_spans, observe
from shared.message_encoding import EXCHANGES, exchange_of
from shared.relay import frames
from shared.relay.rows import Row
from shared.spans import Span

# Reply codes of a close that no message caused: CONNECTION_FORCED (the broker shuts down), ACCESS_REFUSED,
# NOT_FOUND (an exchange was deleted) and NOT_ALLOWED (the vhost was deleted).
NOT_THE_MESSAGE = {320, 403, 404, 530}
LONGEST_PAUSE = 1.0  # seconds between two attempts to connect
HEARTBEAT = 10
CONFIRM_WITHIN = 30.0  # seconds; then the connection is closed and unconfirmed rows are sent again


class Callbacks(Protocol):
    """Called by the publisher when the connection is opened or lost, and with the outcome of each row."""

    def opened(self) -> None: ...
    def confirmed(self, row: Row) -> None: ...
    def refused(self, row: Row) -> None: ...
    def unroutable(self, row: Row) -> None: ...
    def lost(self, unconfirmed: list[Row], *, provoked: bool) -> None: ...


@dataclass
class Unconfirmed:
    """A published row that is not confirmed yet."""

    row: Row
    span: Span
    published_at: float = field(default_factory=time.monotonic)
    returned: bool = False

    def end(self, failure: str | None) -> None:
        """End the span of the row."""
        if failure or self.returned:
            self.span.fail(failure or "no queue is bound")
        self.span.end()


class Connection(pika.SelectConnection):
    """Writes all frames of a round of the loop to the socket at once: pika would write each frame by itself."""

    def __init__(self, *arguments: Any, custom_ioloop: Any, **options: Any) -> None:
        self._frames: list[bytes] = []
        self._rounds = custom_ioloop
        super().__init__(*arguments, custom_ioloop=custom_ioloop, **options)

    def emit(self, data: bytes) -> None:
        """Write encoded frames, after those that wait."""
        self._adapter_emit_data(data)

    def _adapter_emit_data(self, data: bytes) -> None:
        if not self._frames:
            self._rounds.call_later(0, self._write)
        self._frames.append(data)

    def _write(self) -> None:
        frames, self._frames = self._frames, []
        if self._transport is not None:
            super()._adapter_emit_data(b"".join(frames))


class Publisher:
    """One connection with one channel in confirm mode, on pika's loop."""

    def __init__(self, url: str, source: str, loop: Any) -> None:
        self._parameters = pika.URLParameters(url)
        self._parameters.heartbeat = HEARTBEAT
        self._parameters.socket_timeout = 5
        self._parameters.client_properties = {"connection_name": f"{source} relay"}
        self._source, self._loop = source, loop
        self._connection: Any = None
        self._channel: Any = None
        self._pause = 0.05
        self._closing = False
        self._tag = 0
        self._unconfirmed: dict[int, Unconfirmed] = {}
        self.is_open = False

    def connect(self, callbacks: Callbacks) -> None:
        """Start connecting."""
        self._callbacks = callbacks
        self._connect()

    def publish(self, row: Row) -> None:
        """Publish a row. Raises exceptions for headers that AMQP cannot carry."""
        span, exchange, key = message_spans.published(row), exchange_of(row.kind), row.queue or row.topic
        if not self._channel.is_open:
            raise ChannelWrongStateError("the channel is closed")
        message = frames.encoded(
            self._channel,
            exchange,
            key,
            headers=self._headers(row, span),
            message_id=str(row.message_id),
            body=row.body.encode(),
            mandatory=True,
        )
        self._connection.emit(message)
        self._tag += 1
        self._unconfirmed[self._tag] = Unconfirmed(row, span)

    def close(self) -> None:
        """Close the connection and do not reconnect."""
        self._closing = True
        if self._connection and self._connection.is_open:
            self._connection.close()

    def _headers(self, row: Row, span: Span) -> dict[str, Any]:
        deadline = {} if row.within is None else {"not_after": _after(datetime.now(UTC), row.within)}
        onward = {} if span.traceparent is None else {"traceparent": span.traceparent}
        attributes = message_encoding.attributes(
            row.topic, row.message_id, self._source, row.subject, row.created_at
        )
        return {**attributes, **row.headers, **deadline, **onward}

    # ---- connecting

    def _connect(self) -> None:
        if not self._closing:
            self._connection = Connection(
                self._parameters,
                on_open_callback=lambda _: self._open_channel(),
                on_open_error_callback=lambda _, error: self._connect_again(error),
                on_close_callback=lambda _, reason: self._connect_again(reason),
                custom_ioloop=self._loop,
            )

    def _connect_again(self, reason: Any) -> None:
        self._lost(reason)
        if not self._closing:
            self._loop.call_later(self._pause, self._connect)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _open_channel(self) -> None:
        if self._connection.is_open:
            self._connection.channel(on_open_callback=self._declare)

    def _declare(self, channel: Any) -> None:
        channel.add_on_close_callback(self._channel_closed)
        channel.add_on_return_callback(self._returned)
        for name, kind in EXCHANGES:
            channel.exchange_declare(name, kind, durable=True)
        channel.confirm_delivery(self._answered, callback=lambda _: self._ready(channel))

    def _ready(self, channel: Any) -> None:
        self._channel, self._tag, self._pause = channel, 0, 0.05
        self.is_open = True
        observe.log.info("broker connection open")
        self._callbacks.opened()
        self._watch(channel)

    def _channel_closed(self, _channel: Any, reason: Any) -> None:
        self._lost(reason)
        if not self._closing and self._connection.is_open:
            self._loop.call_later(self._pause, self._open_channel)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _watch(self, channel: Any) -> None:
        """Close a connection that is open but does not confirm within CONFIRM_WITHIN."""
        if channel is not self._channel or not self.is_open:
            return
        oldest = next(iter(self._unconfirmed.values()), None)
        if oldest and time.monotonic() - oldest.published_at > CONFIRM_WITHIN:
            self._lost(f"no confirm within {CONFIRM_WITHIN:g} s")
            self._connection.close()
        else:
            self._loop.call_later(CONFIRM_WITHIN / 4, lambda: self._watch(channel))

    def _lost(self, reason: Any) -> None:
        rows = [unconfirmed.row for unconfirmed in self._unconfirmed.values()]
        for unconfirmed in self._unconfirmed.values():
            unconfirmed.end("the connection was lost")
        was_open, self.is_open = self.is_open, False
        self._unconfirmed.clear()
        if was_open and not self._closing:
            observe.log.warning("broker connection lost", error=repr(reason))
            self._callbacks.lost(rows, provoked=_provoked(reason))

    # ---- confirms

    def _answered(self, frame: Any) -> None:
        """Handle a confirm or a refusal; with `multiple` it covers all earlier rows too."""
        outcome = (
            self._callbacks.confirmed if isinstance(frame.method, pika.spec.Basic.Ack) else self._callbacks.refused
        )
        last = frame.method.delivery_tag
        earlier = itertools.takewhile(lambda tag: tag <= last, self._unconfirmed)  # in the order of publication
        for tag in list(earlier) if frame.method.multiple else [last]:
            self._report(self._unconfirmed.pop(tag, None), outcome)

    def _report(self, unconfirmed: Unconfirmed | None, outcome: Callable[[Row], None]) -> None:
        if unconfirmed is None:
            return
        observe.confirm_seconds.observe(time.monotonic() - unconfirmed.published_at)
        unconfirmed.end("refused" if outcome == self._callbacks.refused else None)
        (self._callbacks.unroutable if unconfirmed.returned else outcome)(unconfirmed.row)

    def _returned(self, _channel: Any, _method: Any, properties: Any, _body: Any) -> None:
        """Mark a row that no queue accepted. The broker returns a message before it confirms it."""
        for unconfirmed in self._unconfirmed.values():
            if str(unconfirmed.row.message_id) == properties.message_id:
                unconfirmed.returned = True


def _provoked(reason: Any) -> bool:
    """Whether the broker closed because of a message that was sent to it."""
    by_broker = isinstance(reason, ConnectionClosedByBroker | ChannelClosedByBroker)
    return by_broker and reason.reply_code not in NOT_THE_MESSAGE


def _after(now: datetime, milliseconds: int) -> str:
    return (now + timedelta(milliseconds=milliseconds)).isoformat()
