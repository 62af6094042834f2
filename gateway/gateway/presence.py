"""Which services are available: every second the broker is queried for the number of consumers of each RPC queue.

A call to an unavailable service would wait in its queue until its deadline. During the first seconds it does, as
the service may be restarting. Later, or if its queue does not exist, the call fails at once.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity

from gateway.broker import LOST
from gateway.wire import Wire

EVERY, SOON = 1.0, 0.5  # seconds between two checks: usually, and while a service is unavailable
RESTART = 3.0  # seconds without a consumer that still count as a restart
NEVER = float("-inf")


class Presence:
    """Watches the queues of some services."""

    def __init__(self, services: Iterable[str]) -> None:
        self._services = sorted(services)
        self._unavailable_since: dict[str, float] = {}
        self._watching: asyncio.Task[None] | None = None
        self._channel: AbstractChannel | None = None

    def is_unavailable(self, service: str) -> bool:
        """Whether calls to it fail at once: it has had no consumer for longer than a restart takes."""
        since = self._unavailable_since.get(service)
        return since is not None and time.monotonic() - since >= RESTART

    def answered(self, service: str) -> None:
        """It has answered a call, so it is available even if the last check did not find it."""
        self._unavailable_since.pop(service, None)

    async def opened(self, connection: AbstractConnection, _wire: Wire) -> None:
        """Check at once, so that the first call need not wait, and then periodically."""
        await self._check(connection)
        self._watching = asyncio.create_task(self._watch(connection))

    def lost(self) -> None:
        """Stop checking: without a connection no calls are made."""
        self._channel = None
        if self._watching:
            self._watching.cancel()

    async def _watch(self, connection: AbstractConnection) -> None:
        while True:
            await asyncio.sleep(SOON if self._unavailable_since else EVERY)
            with suppress(*LOST):
                await self._check(connection)

    async def _check(self, connection: AbstractConnection) -> None:
        for service in self._services:
            consumers = await self._consumers(connection, f"rpc-{service}")
            if consumers:
                self._unavailable_since.pop(service, None)
            else:
                self._unavailable_since.setdefault(service, NEVER if consumers is None else time.monotonic())

    async def _consumers(self, connection: AbstractConnection, queue: str) -> int | None:
        """The number of consumers of a queue; None if it does not exist (the broker then closes the channel)."""
        if self._channel is None or self._channel.is_closed:
            self._channel = await connection.channel(publisher_confirms=False)
        try:
            found = await self._channel.declare_queue(queue, passive=True)
        except ChannelNotFoundEntity:
            self._channel = None
            return None
        return found.declaration_result.consumer_count
