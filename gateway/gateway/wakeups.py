"""Waking the open streams: one queue per gateway process hears what orders and payments say, and who signs out.

An event only says that something changed; what it is now, the service is asked. So nothing is lost when
the queue goes away with its connection: everybody is woken when it is back.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from prometheus_client import Gauge

from shared import auth
from shared.contracts.users import SessionEnded

EVENTS = "events"
TOPICS = ("orders.#", "payments.#", SessionEnded.topic)
IDS = ("checkout_id", "order_id", "session_id")
# Streams that ask a service at the same time. All are woken when the connection is back, and a service answers a
# limited number of calls (gateway.rpc.MOST_PENDING): the others wait here, and leave room for everybody else.
READERS = 100
open_streams = Gauge("jishi_open_streams", "Event streams that are open")


class Subscriber:
    """Sleeps until something with one of its ids changes."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.woken = asyncio.Event()
        self.ids: set[str] = set()

    async def sleep(self, seconds: float) -> bool:
        """Whether it was woken within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return False
        self.woken.clear()
        return True


class Wakeups:
    """Knows who listens to what."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self._by_id: dict[str, set[Subscriber]] = {}
        self._by_person: Counter[str] = Counter()
        self._closed = False
        self.reading = asyncio.Semaphore(READERS)

    def __len__(self) -> int:
        return len(self._subscribers)

    def join(self, who: str) -> Subscriber:
        """A listener of this person's, who is heard until leave()."""
        subscriber = Subscriber(who)
        self._subscribers.add(subscriber)
        self._by_person[who] += 1
        open_streams.set(len(self))
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Forget a listener, and what it listened to."""
        self._subscribers.discard(subscriber)
        self._by_person[subscriber.who] -= 1
        if not self._by_person[subscriber.who]:
            del self._by_person[subscriber.who]
        for one in subscriber.ids:
            others = self._by_id[one]
            others.discard(subscriber)
            if not others:
                del self._by_id[one]
        open_streams.set(len(self))

    def streams_of(self, who: str) -> int:
        """How many streams this person has open here."""
        return self._by_person[who]

    def watch(self, subscriber: Subscriber, ids: Iterable[str]) -> None:
        """Wake the listener for these ids too."""
        for one in set(ids) - subscriber.ids:
            subscriber.ids.add(one)
            self._by_id.setdefault(one, set()).add(subscriber)

    def wake(self, *ids: str) -> None:
        """Wake whoever listens to one of these ids."""
        for one in ids:
            for subscriber in self._by_id.get(one, ()):
                subscriber.woken.set()

    def closed(self) -> bool:
        """Whether the process is about to stop."""
        return self._closed

    def wake_all(self) -> None:
        for subscriber in self._subscribers:
            subscriber.woken.set()

    def close(self) -> None:
        """Let all streams end: the process stops."""
        self._closed = True
        self.wake_all()

    async def opened(self, connection: AbstractConnection) -> AbstractChannel:
        """Bind a queue of this process's own, and let everybody look again."""
        channel = await connection.channel(publisher_confirms=False)
        exchange = await channel.declare_exchange(EVENTS, passive=True)  # we may not declare it
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, arguments={"x-max-length": 10_000})
        for topic in TOPICS:
            await queue.bind(exchange, topic)
        await queue.consume(self._happened, no_ack=True)
        self.wake_all()
        return channel

    def lost(self) -> None:
        """Nothing to do: the streams stay open and are woken when the connection is back."""

    async def _happened(self, message: AbstractIncomingMessage) -> None:
        ended = message.routing_key == SessionEnded.topic
        if not self._by_id and not ended:
            return
        body = json.loads(message.body)
        if ended:
            auth.end_session(UUID(body["session_id"]))
        self.wake(*(body[name] for name in IDS if body.get(name)))
