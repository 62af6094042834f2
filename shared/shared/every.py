"""`@every(seconds=1)`: a method that runs again and again while the service runs."""

import threading

from nameko.extensions import Entrypoint

from shared import observe
from shared.broker import Broker
from shared.trace import Trace, following

LONGEST_PAUSE = 10.0  # seconds between two rounds of a loop that fails


class Every(Entrypoint):
    """Calls the method, waits `seconds`, calls it again; in every process, so it claims rows with SKIP LOCKED.

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
        """Begin no new round, and wait for the one that runs."""
        self._stopping.set()
        self._loop.wait()

    def _run(self) -> None:
        pause = self.seconds
        while not self._stopping.wait(pause):
            pause = self.seconds if self._round() else min(max(pause, 0.1) * 2, LONGEST_PAUSE)

    def _round(self) -> bool:
        try:
            with following(Trace()):
                getattr(self.broker.instance(), self.method_name)()
        except Exception as failure:  # noqa: BLE001 - the next round may do better
            observe.loop_failures.labels(self.method_name).inc()
            observe.log.error("round failed", loop=self.method_name, exc_info=failure)
            return False
        return True


every = Every.decorator
