"""Run the relay of a service: `python -m shared.relay catalog`."""

import contextlib
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from pika.adapters.select_connection import IOLoop
from sqlalchemy.exc import SQLAlchemyError

from shared import health, observe, settings, spans, wake
from shared.engine import engine
from shared.operating.process_reports import ProcessReports
from shared.relay.publisher import Publisher
from shared.relay.relay import Relay
from shared.relay.rows import Rows

READ = 0x0001  # pika's IOLoop.READ
MEASURE_EVERY = 5.0  # seconds


def main(service: str) -> None:
    """Run the relay of `service` until SIGTERM or SIGINT."""
    observe.configure_logs(f"{service} relay")
    spans.configure(f"{service}-relay")
    database = engine(service, pool_size=2)  # one for the loop, one for the reports
    rows = Rows(database)
    loop = IOLoop()
    publisher = Publisher(settings.text("AMQP_URL"), service, loop)
    relay = Relay(rows, publisher, loop, time.monotonic)
    checks = {"broker": lambda: publisher.is_open, "database": lambda: relay.database_answers}
    checked = health.Health(checks)
    pages = health.serve(settings.whole("OBSERVE_PORT", 0), checked)
    reports = ProcessReports(database, f"{service}-relay", checked)
    reports.start()
    stopping = threading.Event()
    waker = _pump_when_woken(loop, relay, stopping)
    _stop_on_signals(stopping, waker)
    repeat(loop, MEASURE_EVERY, lambda: _measure(rows))
    relay.start()
    loop.start()
    reports.stop()
    pages.shutdown()
    waker.close()
    spans.close()


def _pump_when_woken(loop: IOLoop, relay: Relay, stopping: threading.Event) -> socket.socket:
    """Return the socket that receives a datagram after each commit with messages; all that wait count as one."""
    waker = wake.receiver()

    def woken(*_: Any) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                waker.recv(16)
        relay.stop() if stopping.is_set() else relay.wake()

    loop.add_handler(waker.fileno(), woken, READ)
    return waker


def _stop_on_signals(stopping: threading.Event, waker: socket.socket) -> None:
    """Stop on SIGTERM and SIGINT. A signal can interrupt anything, so its handler only wakes the loop."""

    def stop(*_: Any) -> None:
        stopping.set()
        waker.sendto(b"", ("127.0.0.1", waker.getsockname()[1]))

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def repeat(loop: Any, seconds: float, work: Callable[[], float | None]) -> None:
    """Call `work` every `seconds`, or after the pause that it returns. A database error skips one round."""

    def round_() -> None:
        pause = None
        try:
            pause = work()
        except SQLAlchemyError as failure:
            observe.log.warning("database error in the relay", error=repr(failure))
        loop.call_later(pause or seconds, round_)

    loop.call_later(seconds, round_)


def _measure(rows: Rows) -> None:
    waiting, lag = rows.backlog()
    observe.outbox_waiting.set(waiting)
    observe.outbox_lag.set(lag.total_seconds())


if __name__ == "__main__":
    main(sys.argv[1])
