"""How many messages wait in queues, and how many consumers they have, as the broker answers a declaration."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity

from gateway.broker import LOST
from gateway.wire import Wire

WITHIN = 2.0  # seconds for all queues together


@dataclass(frozen=True)
class Depth:
    """The messages of a queue that wait for a consumer, and its consumers."""

    ready: int
    consumers: int


class QueueDepths:
    """Reads the depths of queues, one reader at a time; a member of the link."""

    def __init__(self) -> None:
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._reading = asyncio.Lock()

    async def opened(self, connection: AbstractConnection, _wire: Wire) -> None:
        """Read over this connection from now on."""
        self._connection, self._channel = connection, None

    def lost(self) -> None:
        """Without a connection nothing is known."""
        self._connection = self._channel = None

    async def read(self, queues: Iterable[str]) -> dict[str, Depth]:
        """The depths of those queues that exist; those that the broker does not tell in time are missing."""
        found: dict[str, Depth] = {}
        with suppress(*LOST):
            async with asyncio.timeout(WITHIN), self._reading:
                for queue in queues:
                    if depth := await self._depth(queue):
                        found[queue] = depth
        return found

    async def _depth(self, queue: str) -> Depth | None:
        """The depth of a queue; None if it does not exist (the broker then closes the channel)."""
        if self._connection is None:
            return None
        if self._channel is None or self._channel.is_closed:
            self._channel = await self._connection.channel(publisher_confirms=False)
        try:
            declared = await self._channel.declare_queue(queue, passive=True)
        except ChannelNotFoundEntity:
            self._channel = None
            return None
        result = declared.declaration_result
        return Depth(int(result.message_count or 0), int(result.consumer_count or 0))
