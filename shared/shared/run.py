"""Run a service: `python -m shared.run catalog`. On SIGTERM and SIGINT it finishes its current work and ends."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # see docs/nameko.md
import eventlet  # noqa: E402

eventlet.monkey_patch()  # before all other imports; it also makes psycopg2 yield while it waits

import gc  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from eventlet import hubs  # noqa: E402
from eventlet.event import Event  # noqa: E402
from eventlet.patcher import is_monkey_patched  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from shared import auth, health, observe, settings, spans, topology  # noqa: E402
from shared.broker import Broker  # noqa: E402
from shared.operating.process_reports import ProcessReports  # noqa: E402
from shared.personal import keys as personal_keys  # noqa: E402

RARELY = (20_000, 10, 10)  # a batch makes thousands of objects that are freed without the collector


class StillBusy(Exception):
    """The current work was not finished in time; unacknowledged messages will be redelivered."""


def main(name: str) -> None:
    """Run the service until a signal stops it."""
    if not all(map(is_monkey_patched, ("socket", "thread", "time", "select", "psycopg"))):
        raise RuntimeError("eventlet was patched too late")
    observe.configure_logs(name)
    spans.configure(name)
    service = topology.service_class(name)
    read_secrets(service)
    container = ServiceContainer(service, {})
    eventlet.spawn(_stop_after, _stop_signal(), container)
    container.start()
    checked = health.Health(checks(container))
    pages = health.serve(settings.whole("OBSERVE_PORT", 0), checked)
    reports = _reports(name, container, checked)
    gc.collect()
    gc.freeze()  # what lives as long as the process need not be looked at again
    gc.set_threshold(*RARELY)
    observe.log.info("started")
    container.wait()
    reports.stop()
    pages.shutdown()
    spans.close()
    observe.log.info("stopped")


def read_secrets(service: Any) -> None:
    """Load the keys and secrets of a service, so that a process without a valid one fails at startup."""
    for read in (auth.read_public_key, personal_keys.ring, *getattr(service, "secrets", ())):
        read()


def checks(container: ServiceContainer) -> dict[str, Any]:
    """The health checks of a service."""
    broker = container.shared_extensions.get(Broker)
    found = {"broker": lambda: broker.link.is_open} if broker else {}
    if broker and broker.open_work:
        found["database"] = broker.open_work.probe
    return found


def _reports(name: str, container: ServiceContainer, checked: health.Health) -> ProcessReports:
    """Report this process in the service's database, if it has one."""
    broker = container.shared_extensions.get(Broker)
    engine = broker.open_work.engine if broker and broker.open_work else None
    reports = ProcessReports(engine, name, checked, lambda: broker.loads if broker else {})
    reports.start()
    return reports


def _stop_signal() -> Event:
    stop = Event()

    def on_signal(*_: Any) -> None:
        if not stop.ready():
            hubs.get_hub().schedule_call_global(0, stop.send)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return stop


def _stop_after(stop: Event, container: ServiceContainer) -> None:
    stop.wait()
    observe.log.info("stopping")
    try:
        with eventlet.Timeout(settings.number("STOP_WITHIN", 25), StillBusy()):
            container.stop()
    except StillBusy:
        container.kill(sys.exc_info())


if __name__ == "__main__":
    main(sys.argv[1])
