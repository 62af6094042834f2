"""The open streams, and the ids whose changes wake them."""

import asyncio
from collections import Counter
from collections.abc import Iterable

from prometheus_client import Gauge

from gateway.change_log import ChangeLog

# Streams that call a service at the same time. After a reconnect all are woken, and the calls to a service are
# limited (gateway.rpc.MOST_PENDING): the others wait here, which leaves room for other requests.
READERS = 100
open_streams = Gauge("jishi_open_streams", "Open event streams")


class Subscriber:
    """Sleeps until something with one of its ids changes; `since` is the last change before it read its state."""

    def __init__(self, account: str, since: int) -> None:
        self.account, self.since = account, since
        self.woken = asyncio.Event()
        self.ids: set[str] = set()

    async def sleep(self, seconds: float) -> bool:
        """Whether it was woken within this many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        except TimeoutError:
            return False
        self.woken.clear()
        return True


class Wakeups:
    """The open streams and the ids that wake them."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()
        self._by_id: dict[str, set[Subscriber]] = {}
        self._by_account: Counter[str] = Counter()
        self._closed = False
        self._changes = ChangeLog()
        self.reading = asyncio.Semaphore(READERS)

    def __len__(self) -> int:
        return len(self._subscribers)

    def join(self, account: str) -> Subscriber:
        """A new subscriber of this account, woken until leave()."""
        subscriber = Subscriber(account, self.now)
        self._subscribers.add(subscriber)
        self._by_account[account] += 1
        open_streams.set(len(self))
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Remove a subscriber and its ids."""
        self._subscribers.discard(subscriber)
        self._by_account[subscriber.account] -= 1
        if not self._by_account[subscriber.account]:
            del self._by_account[subscriber.account]
        for one in subscriber.ids:
            others = self._by_id[one]
            others.discard(subscriber)
            if not others:
                del self._by_id[one]
        open_streams.set(len(self))

    def streams_of(self, account: str) -> int:
        """How many streams this account has open in this process."""
        return self._by_account[account]

    @property
    def now(self) -> int:
        """The number of the last change."""
        return self._changes.now

    def watch(self, subscriber: Subscriber, ids: Iterable[str]) -> None:
        """Wake the subscriber for these ids too; at once, if one of them has changed since it read its state."""
        new = set(ids) - subscriber.ids
        for one in new:
            subscriber.ids.add(one)
            self._by_id.setdefault(one, set()).add(subscriber)
        if not self._changes.is_unchanged(new, subscriber.since):
            subscriber.woken.set()

    def wake(self, *ids: str) -> None:
        """Wake the subscribers of these ids."""
        for one in ids:
            self._changes.note(one)
            for subscriber in self._by_id.get(one, ()):
                subscriber.woken.set()

    def closed(self) -> bool:
        """Whether the process is about to stop."""
        return self._closed

    def wake_all(self) -> None:
        for subscriber in self._subscribers:
            subscriber.woken.set()

    def close(self) -> None:
        """End all streams: the process stops."""
        self._closed = True
        self.wake_all()
