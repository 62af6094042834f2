"""Lets batches grow under load: after a batch of several, the next begins only as long after it as it took.

With little to do nothing waits: a batch of one is followed at once. With much to do, others use the processor
meanwhile, and what arrives in the pause shares the cost of the next transaction.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST = 0.05  # seconds


class Pace:
    """The pauses between the batches of one loop."""

    def __init__(self, longest: float = LONGEST, clock: Callable[[], float] = time.monotonic) -> None:
        self._longest, self._clock, self._until = longest, clock, 0.0

    @property
    def left(self) -> float:
        """The seconds left of the present pause."""
        return max(0.0, self._until - self._clock())

    @contextmanager
    def batch(self, size: int) -> Iterator[None]:
        """Measure a batch, and set the pause that follows it."""
        began = self._clock()
        yield
        self.ended(size, self._clock() - began)

    def ended(self, size: int, seconds: float) -> None:
        """A batch has ended that took so many seconds."""
        self._until = self._clock() + min(seconds, self._longest) if size > 1 else 0.0
