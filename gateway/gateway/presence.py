"""Which services are there: every second the broker is asked how many listen to each one's questions.

A question to a service that is away would lie in its queue until its deadline. For a short while it may: a
restart takes seconds, and the question is answered then. After that, or where there never was a queue, the
answer is "not now" at once.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity

from gateway.broker import LOST

EVERY, SOON = 1.0, 0.5  # seconds between two looks; while somebody is away
RESTART = 3.0  # seconds without anybody listening that still count as a restart
NEVER = float("-inf")


class Presence:
    """Watches the queues of some services."""

    def __init__(self, services: Iterable[str]) -> None:
        self._services = sorted(services)
        self._away_since: dict[str, float] = {}
        self._watching: asyncio.Task[None] | None = None
        self._channel: AbstractChannel | None = None

    def is_away(self, service: str) -> bool:
        """Whether asking it would be waiting for nothing."""
        since = self._away_since.get(service)
        return since is not None and time.monotonic() - since >= RESTART

    def answered(self, service: str) -> None:
        """It is there, though the last look may not have found it: it answers."""
        self._away_since.pop(service, None)

    async def opened(self, connection: AbstractConnection) -> None:
        """Look at once, so that whoever asks first need not wait, and then again and again."""
        await self._look(connection)
        self._watching = asyncio.create_task(self._watch(connection))

    def lost(self) -> None:
        """Stop looking: without a connection nobody is asked."""
        self._channel = None
        if self._watching:
            self._watching.cancel()

    async def _watch(self, connection: AbstractConnection) -> None:
        while True:
            await asyncio.sleep(SOON if self._away_since else EVERY)
            with suppress(*LOST):
                await self._look(connection)

    async def _look(self, connection: AbstractConnection) -> None:
        for service in self._services:
            listening = await self._listening(connection, f"rpc-{service}")
            if listening:
                self._away_since.pop(service, None)
            else:
                self._away_since.setdefault(service, NEVER if listening is None else time.monotonic())

    async def _listening(self, connection: AbstractConnection, queue: str) -> int | None:
        """How many listen to a queue; None if there is none, and then the broker closes the channel that asked."""
        if self._channel is None or self._channel.is_closed:
            self._channel = await connection.channel(publisher_confirms=False)
        try:
            found = await self._channel.declare_queue(queue, passive=True)
        except ChannelNotFoundEntity:
            self._channel = None
            return None
        return found.declaration_result.consumer_count
