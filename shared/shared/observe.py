"""JSON logs and Prometheus metrics of a process. Health checks are in shared.health."""

import json
import logging
import sys
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import orjson
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from shared import settings, trace

METRICS_TYPE = CONTENT_TYPE_LATEST
QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
log: Any = structlog.get_logger()

deliveries = Counter("jishi_deliveries_total", "Messages delivered by a queue, by outcome", ["topic", "outcome"])
duplicates = Counter(
    "jishi_inbox_duplicates_total", "Messages that a handler had handled before and ignored", ["topic"]
)
batch_size = Histogram(
    "jishi_batch_size", "Messages handled in one transaction", ["topic"], buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)
handler_seconds = Histogram(
    "jishi_handler_seconds", "Duration of a handler's transaction", ["topic"], buckets=QUICK
)
late_commands = Counter("jishi_late_commands_total", "Commands that arrived after their deadline", ["topic"])
conflicts = Counter("jishi_conflicts_total", "Transactions retried after a conflict", ["topic"])
dead_letters = Gauge("jishi_dead_letters", "Open dead letters, which wait for an operator", ["topic"])
switches = Gauge(
    "jishi_switch_on", "1 while the capability or provider is switched on, 0 while it is off", ["name"]
)
rpc_seconds = Histogram("jishi_rpc_seconds", "Time to answer a request", ["method", "outcome"], buckets=QUICK)
rpc_dropped = Counter("jishi_rpc_dropped_total", "Requests that were not answered, by reason", ["reason"])
loop_failures = Counter("jishi_loop_failures_total", "Rounds of a loop that raised", ["loop"])

purged_rows = Counter("jishi_purged_rows_total", "Rows that were removed because of their age", ["table"])
purge_failures = Counter("jishi_purge_failures_total", "Batches of a purge that the database aborted", ["table"])

outbox_lag = Gauge("jishi_outbox_lag_seconds", "Age of the oldest unsent message")
outbox_waiting = Gauge("jishi_outbox_waiting", "Unsent messages, counted up to 100,000")
outbox_sent = Counter("jishi_outbox_sent_total", "Messages confirmed by the broker")
outbox_unroutable = Counter("jishi_outbox_unroutable_total", "Messages without a bound queue", ["topic", "kind"])
outbox_refused = Counter("jishi_outbox_refused_total", "Negative confirms; each message is sent again", ["topic"])
outbox_failed = Counter("jishi_outbox_failed_total", "Messages that can never be sent", ["topic"])
confirm_seconds = Histogram("jishi_confirm_seconds", "Time from publish to confirm", buckets=QUICK)
relay_leads = Gauge("jishi_relay_leads", "1 while this relay holds the lease")


def render_metrics() -> bytes:
    """The metrics of this process in Prometheus' text format; its content type is METRICS_TYPE."""
    return generate_latest()


class Buffered:
    """Standard output for processes that log every request: written a few times a second instead of line by line.

    A killed process loses the lines of the last moment.
    """

    EVERY = 0.2  # seconds

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._writing = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._write_repeatedly, name="logs", daemon=True).start()

    def write(self, text: str) -> None:
        """Write it within a moment; at once after `end`."""
        self._lines.append(text)
        if self._ended.is_set():
            self._write_out()

    def flush(self) -> None:
        """Nothing: structlog flushes after each line, which would be written alone."""

    def end(self) -> None:
        """Write what is left. A forked worker process does not run functions that are registered for its exit."""
        self._ended.set()
        self._write_out()

    def _write_out(self) -> None:
        with self._writing:
            if lines := [self._lines.popleft() for _ in range(len(self._lines))]:
                sys.stdout.write("".join(lines))
                sys.stdout.flush()

    def _write_repeatedly(self) -> None:
        while not self._ended.wait(self.EVERY):
            self._write_out()


_buffered: list[Buffered] = []  # the one of this process, if it has one
_process: dict[str, Any] = {"service": "", "logs_requests": True}  # as configured


def end_logs() -> None:
    """Write what is left, and everything after it at once: the process stops."""
    for output in _buffered:
        output.end()


def configure_logs(service: str, *, buffered: bool = False) -> None:
    """Log one JSON object per line to standard output, with the service's name and the current correlation id."""
    _buffered[:] = [Buffered()] if buffered else []
    level = getattr(logging, settings.text("LOG_LEVEL", "info").upper())
    _process.update(service=service, logs_requests=level <= logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            lambda _logger, _method, event: _with_time_and_trace({"service": service, **event}),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _buffered[0]) if buffered else None),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_ToStructlog()], force=True)


def log_request(**values: Any) -> None:
    """Log a request. With buffered logs not by structlog, whose calls take longer than the line."""
    if not _buffered:
        log.info("request", **values)
    elif _process["logs_requests"]:
        event = {"service": _process["service"], **values, "event": "request", "level": "info"}
        _buffered[0].write(_line(_with_time_and_trace(event)) + "\n")


class _ToStructlog(logging.Handler):
    """Writes the logs of libraries in the same format."""

    def emit(self, record: logging.LogRecord) -> None:
        exc_info = {"exc_info": record.exc_info} if record.exc_info else {}
        log.log(record.levelno, record.getMessage(), logger=record.name, **exc_info)


def _line(event: dict[str, Any], **_: Any) -> str:
    """The event as JSON; what the quick encoder refuses (a lone surrogate, a large number) is left to Python's."""
    try:
        return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z).decode()
    except TypeError:
        return json.dumps(event, default=str)  # escaped: a lone surrogate cannot be written


def _with_time_and_trace(event: dict[str, Any]) -> dict[str, Any]:
    """The event with its time and the ids of the current trace."""
    event["timestamp"] = datetime.now(UTC)
    known = trace.current()
    if known:
        event.setdefault("correlation_id", str(known.correlation_id))
        if known.trace_id:
            event.setdefault("trace_id", known.trace_id)
    return event
