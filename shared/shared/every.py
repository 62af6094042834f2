"""`@every(seconds=1)`: a method that runs periodically while the service runs."""

import threading

from nameko.extensions import Entrypoint

from shared import observe
from shared.broker import Broker
from shared.trace import Trace, following

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds after a failure
MANY = 20  # failures in a row, after which the pause no longer doubles


class Every(Entrypoint):
    """Calls the method, waits `seconds`, calls it again. It runs in every process, so it should use SKIP LOCKED.

    A round that raises is logged, counted and repeated after a growing pause; it never ends the service.
    """

    broker = Broker()

    def __init__(self, *, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self._stopping = threading.Event()

    def start(self) -> None:
        self._loop = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        """Begin no new round and wait for the running one."""
        self._stopping.set()
        self._loop.wait()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.wait(pause(self.seconds, failures)):
            failures = 0 if self._round() else failures + 1

    def _round(self) -> bool:
        try:
            with following(Trace()):
                getattr(self.broker.instance(), self.method_name)()
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
