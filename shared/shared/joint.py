"""Handles the messages of a service's topics together: what waits in its queues at a time is one transaction.

The consumer of each queue brings its batch. One of them handles all batches that were brought, while the others
wait for their outcomes. So the fewer messages each queue has, the more queues share a transaction. If it fails,
each batch is handled alone (`shared.batches`). A batch with a redelivered message, which may have killed its
process, is always handled alone.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared import observe
from shared.batches import Batches, DatabaseDown, Reading
from shared.delivery import Delivery, Done, Outcome
from shared.pace import Pace

MOST = 200  # messages of a transaction
PATIENCE = 1.0  # seconds after which the next transaction begins beside a slow one


@dataclass(eq=False)
class Brought:
    """A batch of one queue, and its result."""

    batches: Batches
    deliveries: Sequence[Delivery]
    outcomes: list[Outcome] | None = None
    failure: Exception | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def is_settled(self) -> bool:
        return self.outcomes is not None or self.failure is not None

    @property
    def is_suspicious(self) -> bool:
        """Whether it has a redelivered message."""
        return any(delivery.redelivered for delivery in self.deliveries)

    def settle(self, reading: Reading, of_readable: Sequence[Outcome]) -> None:
        self.outcomes = self.batches.outcomes(reading, of_readable)


class Joint:
    """Handles the batches of several queues: one transaction at a time, unless it takes longer than PATIENCE."""

    def __init__(self, workers: int = 4) -> None:
        self._changed = threading.Condition()
        self._brought: deque[Brought] = deque()
        self._workers, self._working, self._pace = workers, 0, Pace()

    def run(self, batches: Batches, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """The outcome of each delivery, in order. Raises DatabaseDown, after which all may be run again."""
        mine = Brought(batches, deliveries)
        with self._changed:
            self._brought.append(mine)
            while not mine.is_settled:
                if self._may_work(mine):
                    self._work(self._taken())
                else:
                    self._changed.wait(self._pace.left or PATIENCE)
        if mine.failure:
            raise mine.failure
        assert mine.outcomes is not None
        return mine.outcomes

    def _may_work(self, mine: Brought) -> bool:
        """Whether the consumer that brought this batch is to handle what waits."""
        if mine not in self._brought or self._working >= self._workers:
            return False
        if self._working:
            return time.monotonic() - mine.since >= PATIENCE
        return not self._pace.left

    def _work(self, taken: list[Brought]) -> None:
        """Handle these batches; meanwhile others may be brought."""
        self._working += 1
        self._changed.release()
        try:
            with self._pace.batch(sum(len(each.deliveries) for each in taken)):
                self._settle(taken)
        finally:
            self._changed.acquire()
            self._working -= 1
            self._changed.notify_all()

    def _taken(self) -> list[Brought]:
        """The batches that are next: a suspicious one alone, or several with up to MOST messages."""
        taken = [self._brought.popleft()]
        while self._brought and not taken[0].is_suspicious and not self._brought[0].is_suspicious:
            if sum(len(each.deliveries) for each in (*taken, self._brought[0])) > MOST:
                break
            taken.append(self._brought.popleft())
        return taken

    def _settle(self, taken: list[Brought]) -> None:
        try:
            readings = [each.batches.read(each.deliveries) for each in taken]
            if len(taken) == 1 or not self._together(taken, readings):
                for each, reading in zip(taken, readings, strict=True):
                    each.settle(reading, each.batches.handle(reading))
        except Exception as failure:  # noqa: BLE001 - raised to those who brought the batches
            for each in taken:
                each.failure = None if each.is_settled else failure

    def _together(self, taken: list[Brought], readings: list[Reading]) -> bool:
        """Whether all could be handled in one transaction. Raises DatabaseDown."""
        parts = [(each.batches, reading.envelopes) for each, reading in zip(taken, readings, strict=True)]
        try:
            taken[0].batches.transact(parts)
        except DatabaseDown:
            raise
        except Exception as failure:  # noqa: BLE001 - handling each topic alone shows which one failed
            topics = [each.batches.topic for each in taken]
            observe.log.warning("topics are handled one by one", topics=topics, error=repr(failure))
            return False
        for each, reading in zip(taken, readings, strict=True):
            each.settle(reading, [Done()] * len(reading.readable))
        return True


@dataclass(frozen=True)
class Joined:
    """The runner of one queue whose messages are handled with those of others."""

    joint: Joint
    batches: Batches

    def run(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """As Joint.run."""
        return self.joint.run(self.batches, deliveries)
