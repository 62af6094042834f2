"""`@every(seconds=1)`: a method that runs periodically while the service runs, or earlier after a signal."""

import threading
import time
from typing import Any

from nameko.extensions import DependencyProvider, Entrypoint

from shared import observe
from shared.broker import Broker
from shared.pace import Pace
from shared.trace import Trace, following

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds after a failure
MANY = 20  # failures in a row, after which the pause no longer doubles


class Signal(DependencyProvider):
    """Wakes a method of this process: `waiting = Signal()`, `@every(seconds=5, woken_by="waiting")`.

    It may be lost with the process, so what is to be done is stored, and also found without it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent = threading.Event()

    def send(self) -> None:
        """Start the next round at once, or after the running one."""
        self.sent.set()

    def get_dependency(self, worker_ctx: Any) -> "Signal":  # noqa: ARG002 - nameko's signature
        return self


class Every(Entrypoint):
    """Calls the method, waits `seconds`, calls it again. It runs in every process, so it should use SKIP LOCKED.

    The signal `woken_by` ends the wait; then the method returns how much it has handled. A round that raises is
    logged, counted and repeated after a growing pause; it never ends the service.
    """

    broker = Broker()

    def __init__(self, *, seconds: float, woken_by: str | None = None) -> None:
        super().__init__()
        self.seconds, self._woken_by = seconds, woken_by
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._pace = Pace()

    def start(self) -> None:
        signals = [each for each in self.container.dependencies if each.attr_name == self._woken_by]
        self._woken = signals[0].sent if signals else self._woken
        self._loop = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        """Begin no new round and wait for the running one."""
        self._stopping.set()
        self._woken.set()
        self._loop.wait()

    def _run(self) -> None:
        failures = 0
        while not self._stopped_after(pause(self.seconds, failures), woken_early=not failures):
            failures = 0 if self._round() else failures + 1

    def _stopped_after(self, seconds: float, *, woken_early: bool) -> bool:
        """Wait, and return whether to stop. After a failure only the end of the pause begins the next round."""
        if not woken_early:
            return self._stopping.wait(seconds)
        if self._woken.wait(seconds):
            self._stopping.wait(self._pace.left)
        self._woken.clear()
        return self._stopping.is_set()

    def _round(self) -> bool:
        try:
            with following(Trace()):
                began = time.monotonic()
                handled = getattr(self.broker.instance(), self.method_name)()
                self._pace.ended(handled or 0, time.monotonic() - began)
        except Exception as failure:  # noqa: BLE001 - the next round may succeed
            observe.loop_failures.labels(self.method_name).inc()
            observe.log.error("round failed", loop=self.method_name, exc_info=failure)
            return False
        return True


def pause(seconds: float, failures: int) -> float:
    """Seconds until the next round after so many failures in a row, doubling with each.

    At most LONGEST_PAUSE, or `seconds` if that is longer: a failing loop does not run more often than usual.
    """
    if not failures:
        return seconds
    return min(FIRST_PAUSE * 2 ** min(failures, MANY), max(LONGEST_PAUSE, seconds))


every = Every.decorator
