"""Early refusal: while check-outs are slow, no more purchases begin than are completed.

A purchase begins with a quote. A quote that cannot be followed by a check-out in time is work for nothing, so it
is refused at once, and its sender is told when to come again. Nothing else is refused here: who has a quote can
check out, and who has checked out can pay, is notified and sees the outcome.
"""

import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import count

from prometheus_client import Counter

from gateway.rpc import ServiceOverloaded

SLOW = 1.0  # seconds that a check-out takes when it is slow
WITHIN = 3.0  # seconds: as many purchases may be under way as check-outs are answered in this time
FEWEST = 256  # purchases that may be under way in any case
PAUSE = 2.0  # seconds from a quote to its check-out, after which it is not expected any more
RETRY = (1, 5)  # seconds until a refused sender comes again; random, to spread them

refused = Counter("jishi_gateway_purchases_refused_total", "Quotes refused because check-outs were slow")


class Step(StrEnum):
    """The steps of a purchase whose load is limited."""

    QUOTE = "quote"
    CHECK_OUT = "check_out"


class Admission:
    """Counts the purchases that are under way in this process, from the quote until they can be paid.

    `waiting` tells how many of those that have checked out cannot be paid yet.
    """

    def __init__(
        self, waiting: Callable[[], int] = lambda: 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._waiting, self._clock = waiting, clock
        self._quoted: deque[float] = deque()  # when, of those whose check-out is expected
        self._checking_out: dict[int, float] = {}  # since when
        self._answered: deque[tuple[float, float]] = deque()  # when, and after how long
        self._numbers = count()

    @contextmanager
    def step(self, step: Step | None) -> Iterator[None]:
        """Carry out a step of a purchase, or another request. Raises ServiceOverloaded if none may begin now."""
        if step is Step.QUOTE:
            self._begin()
        if step is not Step.CHECK_OUT:
            yield
            return
        self._forget()
        if self._quoted:
            self._quoted.popleft()
        number, began = next(self._numbers), self._clock()
        self._checking_out[number] = began
        try:
            yield
        finally:
            del self._checking_out[number]
            self._answered.append((self._clock(), self._clock() - began))

    def _begin(self) -> None:
        self._forget()
        under_way = len(self._quoted) + len(self._checking_out) + self._waiting()
        if under_way >= max(FEWEST, len(self._answered)) and self._is_slow():
            refused.inc()
            raise ServiceOverloaded(retry_after=random.randrange(*RETRY))
        self._quoted.append(self._clock())

    def _is_slow(self) -> bool:
        """Whether a check-out takes long, or the last one did."""
        longest = self._clock() - next(iter(self._checking_out.values()), self._clock())  # the first is the oldest
        last = self._answered[-1][1] if self._answered else 0.0
        return max(longest, last) > SLOW

    def _forget(self) -> None:
        """Forget what was long ago."""
        now = self._clock()
        while self._answered and self._answered[0][0] <= now - WITHIN:
            self._answered.popleft()
        while self._quoted and self._quoted[0] <= now - PAUSE:
            self._quoted.popleft()
