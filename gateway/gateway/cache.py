"""Answers of services, cached in this process until an event of the service says that something in them changed.

An answer is cached under its key with the ids in it. An event of one of these ids drops it; events are sent after
their commit, so an answer that was read before and is still on its way is not cached either. Without a connection
to the broker nothing is cached. Several requests for one key share one call.

A `Page`, which everybody reads, is shown for a moment longer after a change: one that changes all the time is then
read a few times a second, and not for every request.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter

from gateway.change_log import ChangeLog

LONGEST = 5.0  # seconds that an answer is cached without a change
LONGEST_PAGE = 60.0  # seconds that a page is cached without a change
LONGEST_NEW = 30.0  # seconds that the answer to a creation is cached: events tell of all that follows from it
CLOCKS_DIFFER = 10.0  # seconds, at most, between the clocks of two machines
MOMENT = 0.3  # seconds that a page is shown after a change
IN_MEMORY = 4  # how many bytes a document takes in memory for each byte of its JSON, about
MOST = 64 * 1024 * 1024  # bytes of answers; the least recently used one is dropped first
EACH = 1024  # bytes of an answer beside its value: key, ids, entry; so that small ones are limited, too

lookups = Counter(
    "jishi_gateway_answer_cache_total", "Requests whose answer may be cached, by outcome", ["outcome"]
)
hits, misses = lookups.labels("hit"), lookups.labels("miss")


@dataclass
class Answer:
    """A cached answer: its value, the ids that it depends on, its size in bytes, and until when it is valid."""

    value: Any
    ids: frozenset[str]
    size: int
    until: float
    is_page: bool


Read = Callable[[], Awaitable[tuple[Any, frozenset[str], int]]]


class AnswerCache:
    """The cached answers of this process."""

    def __init__(self, *, most: int = MOST, each: int = EACH, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._each, self._clock = most, each, clock
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._by_id: dict[str, set[Hashable]] = {}
        self._outdated: set[str] = set()  # ids all of whose answers are outdated: another change means nothing
        self._size = 0
        self._flights: dict[Hashable, tuple[asyncio.Task[Any], int]] = {}  # with the last change before each
        self._dropped = 0  # the last change of `drop`
        self._is_open = False
        self._changes = ChangeLog(clock=clock)

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, key: Hashable) -> Any | None:
        """The valid answer under this key, if there is one."""
        answer = self._answers.get(key)
        if answer is None or answer.until <= self._clock():
            return None
        self._answers.move_to_end(key)
        hits.inc()
        return answer.value

    async def get(self, key: Hashable, read: Read, *, page: bool = False) -> Any:
        """The cached answer, or the one that `read` returns with its ids and size. Raises as `read` does."""
        if (found := self.find(key)) is not None:
            return found
        flight, began = self._flights.get(key) or (None, 0)
        if flight is None or began < self._dropped:  # or it may have read before a change of its own process
            misses.inc()
            flight = asyncio.create_task(self._read(key, read, page))
            self._flights[key] = flight, self._changes.now
            flight.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(flight)

    def changed(self, ids: Iterable[str]) -> None:
        """Something with one of these ids has changed."""
        for one in ids:
            self._changes.note(one)
            if one in self._by_id and one not in self._outdated:
                self._outdate(one)

    def revise(self, about: str, ids: Iterable[str], revised: Callable[[Any], Any | None]) -> None:
        """Something with one of these ids has changed: `revised` makes the answers with the id `about` current.

        It returns None for an answer that has to be read again, as all others that depend on these ids.
        """
        answers = {key: self._answers[key] for key in self._by_id.get(about, ())}
        kept = {
            key: (value, answer.until)
            for key, answer in answers.items()
            if (value := revised(answer.value)) is not None  # an outdated one stays outdated
        }
        self.changed(ids)
        for key, (value, until) in kept.items():
            self._answers[key].value, self._answers[key].until = value, until
            self._outdated -= self._answers[key].ids

    def drop(self, ids: Iterable[str]) -> None:
        """Something with one of these ids was changed through this process: its sender reads it at once."""
        for one in ids:
            self._changes.note(one)
            self._dropped = self._changes.now
            for key in list(self._by_id.get(one, ())):
                self._remove(key)

    def open(self) -> None:
        """Changes are received from now on."""
        self._is_open = True
        self._changes.forget()

    def close(self) -> None:
        """Changes are no longer received: keep nothing."""
        self._is_open = False
        self._answers.clear()
        self._by_id.clear()
        self._outdated.clear()
        self._size = 0
        self._changes.forget()

    def knows_since(self, seconds: float, ids: Iterable[str]) -> bool:
        """Whether no event of these ids came in so many seconds, nor can have been missed."""
        return self._is_open and self._changes.is_unchanged_for(ids, max(seconds, 0) + CLOCKS_DIFFER)

    @property
    def now(self) -> int:
        """The number of the last change."""
        return self._changes.now

    def is_unchanged(self, ids: Iterable[str], since: int) -> bool:
        """Whether nothing with these ids has changed since, as far as this process can know."""
        return self._is_open and self._changes.is_unchanged(ids, since)

    def put(self, key: Hashable, value: Any, ids: frozenset[str], size: int, longest: float) -> None:
        """Cache what was found to be current, for so many seconds."""
        self._keep(key, Answer(value, ids, size, self._clock() + longest, is_page=False))

    def amend(self, key: Hashable, change: Callable[[Any], Any]) -> None:
        """Change the answer under this key, if there is one; its time stays."""
        if answer := self._answers.get(key):
            answer.value = change(answer.value)

    def _outdate(self, one: str) -> None:
        self._outdated.add(one)
        now = self._clock()
        for key in self._by_id[one]:
            answer = self._answers[key]
            answer.until = min(answer.until, now + (MOMENT if answer.is_page else 0))

    async def _read(self, key: Hashable, read: Read, page: bool) -> Any:  # noqa: FBT001 - as in `get`
        began = self._changes.now
        value, ids, size = await read()
        if self.is_unchanged(ids, began):
            until = self._clock() + (LONGEST_PAGE if page else LONGEST)
            self._keep(key, Answer(value, ids, size, until, page))
        return value

    def _landed(self, key: Hashable, flight: asyncio.Task[Any]) -> None:
        if key in self._flights and self._flights[key][0] is flight:
            del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # it was raised to those who waited, if anyone still does

    def _keep(self, key: Hashable, answer: Answer) -> None:
        self._remove(key)
        self._answers[key] = answer
        self._outdated -= answer.ids
        for one in answer.ids:
            self._by_id.setdefault(one, set()).add(key)
        self._size += answer.size + self._each
        while self._size > self._most:
            self._remove(next(iter(self._answers)))

    def _remove(self, key: Hashable) -> None:
        answer = self._answers.pop(key, None)
        self._size -= answer.size + self._each if answer else 0
        for one in answer.ids if answer else ():
            keys = self._by_id[one]
            keys.discard(key)
            if not keys:
                del self._by_id[one]
                self._outdated.discard(one)
