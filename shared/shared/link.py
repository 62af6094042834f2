"""The connection of a service process to the broker, reopened after failures until it is closed.

py-amqp with native or eventlet threads: a single thread reads, and does everything that waits for a reply of the
broker (opening channels, declaring). All threads may write, which py-amqp guards with a lock of its own.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import amqp

from shared import frames, observe

HEARTBEAT = 10  # seconds
TIMEOUT = 1.0  # seconds that a read waits before the heartbeat is checked
LONGEST_PAUSE = 1.0  # seconds between two attempts to connect
LOST = (OSError, amqp.AMQPError, AttributeError)  # AttributeError: the connection of a closed channel is None


class Member(Protocol):
    """A user of the link with a channel of its own."""

    def opened(self, channel: Any) -> None:
        """Start to use a new channel. Called by the reading thread."""

    def lost(self) -> None:
        """The channel is lost, with all that was not acknowledged on it."""


class Link:
    """A connection and its members' channels; `prepare` is called first on every new connection."""

    def __init__(self, url: str, *, name: str = "jishi", prepare: Callable[[Any], None] = lambda _: None) -> None:
        self._url, self._name, self._prepare = url, name, prepare
        self._members: list[Member] = []
        self._closing = threading.Event()
        self._connection: Any = None
        self.is_open = False

    def join(self, member: Member) -> None:
        """Add a member: it gets a channel of its own on every connection."""
        self._members.append(member)

    def run(self) -> None:
        """Read until close(); reconnect after failures, at most LONGEST_PAUSE later."""
        pause = 0.05
        while not self._closing.is_set():
            try:
                self._open()
                pause = 0.05
                self._read()
            except Exception as failure:  # noqa: BLE001 - a py-amqp failure must not end the service
                observe.log.warning("broker connection lost", error=repr(failure))
            finally:
                self._drop()
            self._closing.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def close(self) -> None:
        """End run(). Call it after the last acknowledgement."""
        self._closing.set()

    def _open(self) -> None:
        self._connection = connect(self._url, self._name)
        channel = self._connection.channel()
        self._prepare(channel)
        channel.close()
        for member in self._members:
            member.opened(self._connection.channel())
        self.is_open = True
        observe.log.info("broker connection open")

    def _read(self) -> None:
        ticked = time.monotonic()
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                self._connection.drain_events(timeout=TIMEOUT)
                frames.handle_arrived(self._connection)
            if time.monotonic() - ticked > 1:
                self._connection.heartbeat_tick()
                ticked = time.monotonic()

    def _drop(self) -> None:
        self.is_open = False
        connection, self._connection = self._connection, None
        for member in self._members:
            member.lost()
        if connection and self._closing.is_set():
            _close(connection)
        elif connection:
            connection.collect()  # a proper close would wait for a broker that does not respond


def connect(url: str, name: str = "jishi") -> Any:
    """An open py-amqp connection to `amqp://user:password@host:port/vhost`."""
    at = urlsplit(url)
    connection = amqp.Connection(
        host=f"{at.hostname}:{at.port or 5672}",
        userid=unquote(at.username or "guest"),
        password=unquote(at.password or "guest"),
        virtual_host=unquote(at.path[1:]) or "/",
        heartbeat=HEARTBEAT,
        connect_timeout=5,
        login_method="PLAIN",
        client_properties={"connection_name": name},
        socket_settings={socket.TCP_USER_TIMEOUT: 3 * HEARTBEAT * 1000},
        frame_handler=frames.handler,
    )
    connection.connect()
    frames.read_in_blocks(connection)
    return connection


def publish(channel: Any, message: Any, exchange: str, key: str, *, mandatory: bool = False) -> None:
    """Write a message without reading: py-amqp's basic_publish would read in a thread that must not."""
    channel.send_method(amqp.spec.Basic.Publish, "Bssbb", (0, exchange, key, mandatory, False), message)


@contextmanager
def gathered(channel: Any) -> Iterator[None]:
    """Send all frames of the block at once: each write to the socket wakes the broker.

    Nothing in the block may wait, since what other threads write meanwhile is gathered, too.
    """
    transport, gathered_ = channel.connection.transport, list[bytes]()
    direct = transport._write  # noqa: SLF001 - py-amqp has no other place where all frames pass
    transport._write = lambda frame: gathered_.append(bytes(frame))  # noqa: SLF001
    try:
        yield
    finally:
        transport._write = direct  # noqa: SLF001
        if gathered_:
            transport.write(b"".join(gathered_))


def _close(connection: Any) -> None:
    """Close properly, so that the broker has read everything that was written, including acknowledgements."""
    try:
        connection.close()
    except LOST:
        connection.collect()
