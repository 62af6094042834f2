"""A small collector of OpenTelemetry traces (OTLP over HTTP) for tests; it keeps every span it receives."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from shared import spans


@dataclass(frozen=True, kw_only=True)
class ReceivedSpan:
    """A received span; ids are hexadecimal, `parent` is empty for the root span."""

    process: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent: str
    seconds: float
    attributes: dict[str, Any]
    links: tuple[str, ...]  # ids of spans
    failed: bool
    exceptions: tuple[dict[str, Any], ...]


class Collector:
    """The spans received so far."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[ReceivedSpan] = []

    @property
    def settings(self) -> dict[str, str]:
        """Environment variables of a process that sends its spans here, with a short delay."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}

    def named(self, name: str) -> list[ReceivedSpan]:
        """The spans of this name, in order of arrival."""
        return [span for span in self.seen if span.name == name]

    def trace(self, trace_id: str) -> list[ReceivedSpan]:
        """The spans of one trace."""
        return [span for span in self.seen if span.trace_id == trace_id]

    def take(self, body: bytes) -> None:
        """Store the spans of an export request."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            process = _plain(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.seen += [_seen(process, span) for span in scope.spans]


@contextmanager
def collector() -> Iterator[Collector]:
    """Run a collector on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.daemon_threads = True
    kept = Collector(f"http://127.0.0.1:{server.server_address[1]}")
    server.collector = kept  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def recorded(monkeypatch: Any, process: str = "test") -> Iterator[Collector]:
    """Have this process send its spans to a new collector; `shared.spans.close()` flushes the rest."""
    with collector() as kept, monkeypatch.context() as patched:
        for name, value in kept.settings.items():
            patched.setenv(name, value)
        patched.setattr(spans, "_recorder", None)
        spans.configure(process)
        yield kept
        spans.close()


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        zipped = self.headers.get("Content-Encoding") == "gzip"
        self.server.collector.take(gzip.decompress(body) if zipped else body)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


def _seen(process: str, span: Span) -> ReceivedSpan:
    return ReceivedSpan(
        process=process,
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        attributes=_plain(span.attributes),
        links=tuple(link.span_id.hex() for link in span.links),
        failed=span.status.code == Status.STATUS_CODE_ERROR,
        exceptions=tuple(_plain(event.attributes) for event in span.events if event.name == "exception"),
    )


def _plain(attributes: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in attributes}
