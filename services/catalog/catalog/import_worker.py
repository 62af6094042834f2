"""Run the import worker: `python -m catalog.import_worker`.

It processes imports one at a time, at low priority: it is niced, its memory and its time are limited, and it
pauses between transactions. SIGTERM stops it between two transactions; the import returns to the queue.
"""

import os
import resource
import signal
import threading

from prometheus_client import Counter, Gauge

from catalog.importing.use_cases.processing import process_next
from catalog.work import Work
from shared import health, observe, settings, spans
from shared.db import Database
from shared.db_failures import is_outage
from shared.operating.process_reports import ProcessReports
from shared.work import OpenWork

NICENESS = 10
POLL_EVERY, AFTER_FAILURE = 0.5, 5.0  # seconds
MIB = 2**20

imports = Counter("jishi_imports_total", "Imports that the worker processed, by outcome", ["outcome"])
waiting = Gauge("jishi_imports_waiting", "Imports that are not finished")


def main() -> None:
    """Process imports until SIGTERM or SIGINT."""
    os.nice(NICENESS)
    limit_memory(settings.whole("IMPORT_MEMORY_MIB", 1024))
    observe.configure_logs("catalog import")
    spans.configure("catalog-import")
    open_work = Database.standalone("catalog", Work)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    checks = health.Health({"database": open_work.probe})
    pages = health.serve(settings.whole("OBSERVE_PORT", 0), checks)
    reports = ProcessReports(open_work.engine, "catalog-import", checks)
    reports.start()
    observe.log.info("started")
    while not stopping.is_set():
        stopping.wait(work(open_work, stopping))
    reports.stop()
    pages.shutdown()
    spans.close()
    observe.log.info("stopped")


def limit_memory(mib: int) -> None:
    """Limit the address space: an import that needs more memory raises MemoryError and fails alone."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mib * MIB, most))


def work(open_work: OpenWork[Work], stopping: threading.Event) -> float:
    """Process an import, if any is waiting; return the seconds until the next poll. Failures are retried."""
    try:
        outcome = process_next(open_work, stopping.wait)
        with open_work() as counting:
            waiting.set(counting.imports.unfinished_count())
    except Exception as failure:  # noqa: BLE001 - the next attempt may succeed
        _report(failure)
        return AFTER_FAILURE
    if outcome is None:
        return POLL_EVERY
    imports.labels(outcome).inc()
    return 0


def _report(failure: Exception) -> None:
    observe.loop_failures.labels("import").inc()
    if is_outage(failure):
        observe.log.warning("the database was unavailable to the import worker", error=repr(failure))
    else:
        observe.log.error("import failed", exc_info=failure)


if __name__ == "__main__":
    main()
