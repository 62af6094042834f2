"""The connection to RabbitMQ, reopened whenever it is lost."""

import asyncio
from typing import Protocol

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import AMQPError
from yarl import URL

from gateway.wire import Wire
from shared import observe

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds before it reconnects
HEARTBEAT = 10  # seconds; a broker that has vanished is detected after two missed ones
# aiormq raises RuntimeError for a channel that was closed meanwhile.
LOST = (AMQPError, OSError, TimeoutError, RuntimeError)


class Member(Protocol):
    """A user of the connection."""

    async def opened(self, connection: AbstractConnection, wire: Wire) -> AbstractChannel | None:
        """The connection is open (again) on this wire. Returns the channel that the member needs, if any."""

    def lost(self) -> None:
        """The connection is lost; pending calls will not be answered."""


class Link:
    """Keeps the connection open for its members."""

    def __init__(self, url: str, *members: Member) -> None:
        self._url = URL(url).update_query(heartbeat=HEARTBEAT, name="gateway")
        self._members = members
        self.is_open = False
        self.was_open = False  # since the start: before that the gateway is not ready

    async def run(self) -> None:
        """Connect, and stay connected until cancelled."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._connected()
                pause = FIRST_PAUSE
            except LOST as failure:
                observe.log.warning("no connection to the broker", error=repr(failure))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connected(self) -> None:
        connection, wire = aio_pika.Connection(self._url), Wire()
        connection.kwargs["transport_factory"] = wire
        await connection.connect(timeout=5)
        try:
            broken = asyncio.Event()
            connection.close_callbacks.add(lambda *_: broken.set())
            for member in self._members:
                channel = await member.opened(connection, wire)
                if channel:
                    channel.close_callbacks.add(lambda *_: broken.set())
            self.is_open = self.was_open = True
            await broken.wait()
        finally:
            self.is_open = False
            for member in self._members:
                member.lost()
            await connection.close()
