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
from shared.relay.publisher import Publisher
from shared.relay.relay import Relay
from shared.relay.rows import Rows

READ = 0x0001  # pika's IOLoop.READ
LOOK_EVERY = 5.0  # seconds between two looks at the backlog


def main(service: str) -> None:
    """Relay until told to stop."""
    observe.configure_logs(f"{service} relay")
    spans.configure(f"{service}-relay")
    # a connection that broke costs a round, which is less than asking each time whether it did
    rows = Rows(engine(service, pool_size=2, pool_pre_ping=False))
    loop = IOLoop()
    publisher = Publisher(settings.text("AMQP_URL"), service, loop)
    relay = Relay(rows, publisher, loop, time.monotonic)
    checks = {"broker": lambda: publisher.is_open, "database": lambda: relay.database_answers}
    pages = health.serve(settings.whole("OBSERVE_PORT", 0), health.Health(checks))
    told_to_stop = threading.Event()
    waker = _look_when_woken(loop, relay, told_to_stop)
    _stop_on_signals(told_to_stop, waker)
    again_and_again(loop, LOOK_EVERY, lambda: _look(rows))
    relay.start()
    loop.start()
    pages.shutdown()
    waker.close()
    spans.close()


def _look_when_woken(loop: IOLoop, relay: Relay, told: threading.Event) -> socket.socket:
    """A datagram after a commit says that there is something to send; several at once say no more."""
    waker = wake.consumer()

    def woken(*_: Any) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                waker.recv(16)
        relay.stop() if told.is_set() else relay.pump()

    loop.add_handler(waker.fileno(), woken, READ)
    return waker


def _stop_on_signals(told: threading.Event, waker: socket.socket) -> None:
    """A signal may come in the middle of anything, so it only wakes the loop."""

    def tell(*_: Any) -> None:
        told.set()
        waker.sendto(b"", ("127.0.0.1", waker.getsockname()[1]))

    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGINT, tell)


def again_and_again(loop: Any, seconds: float, work: Callable[[], float | None]) -> None:
    """Do it every so many seconds, or as soon as it asks for; a database that fails costs one round."""

    def round_() -> None:
        pause = None
        try:
            pause = work()
        except SQLAlchemyError as failure:
            observe.log.warning("database failed the relay", error=repr(failure))
        loop.call_later(pause or seconds, round_)

    loop.call_later(seconds, round_)


def _look(rows: Rows) -> None:
    waiting, lag = rows.backlog()
    observe.outbox_waiting.set(waiting)
    observe.outbox_lag.set(lag.total_seconds())


if __name__ == "__main__":
    main(sys.argv[1])
