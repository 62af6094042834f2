"""Recorded spans: the OpenTelemetry SDK and its exporter (OTLP over HTTP). Only this module imports them.

The standard variables OTEL_* apply: endpoint, headers, sampler, resource attributes, batch limits. The SDK's
current span is not used; `shared.trace` has the current trace.
"""

import os
import socket
import threading
import traceback
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Self

from opentelemetry import trace as otel
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

from shared.errors import Kind as RefusalKind
from shared.errors import Refusal
from shared.spans import Attributes, Kind, Span
from shared.trace import Trace, following, read

FLUSH_WITHIN = 2.0  # seconds for sending the last spans at the end
KINDS = {kind.name.lower(): kind for kind in SpanKind}


class Recorded(Span):
    """A span of the SDK."""

    def __init__(self, span: otel.Span, known: Trace) -> None:
        self._span = span
        context = span.get_span_context()
        self.traceparent = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
        self._trace = Trace(known.correlation_id, self.traceparent)
        self._followed: AbstractContextManager[None] | None = None

    def __enter__(self) -> Self:
        self._followed = following(self._trace)
        self._followed.__enter__()
        return self

    def __exit__(self, _type: object, failure: BaseException | None, _stack: object) -> None:
        if self._followed:
            self._followed.__exit__(None, None, None)
        if failure is not None:
            self.fail(failure)
        self.end()

    def set_attributes(self, attributes: Attributes) -> None:
        self._span.set_attributes({name: value for name, value in attributes.items() if value is not None})

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def fail(self, why: BaseException | str) -> None:
        """Record a failure. A refusal is a regular answer and no error, unless the service was unavailable."""
        if isinstance(why, Refusal):
            self._span.set_attribute("error.type", why.code)
            if why.kind is not RefusalKind.UNAVAILABLE:
                return
        elif isinstance(why, BaseException):
            self._record(why)
        self._span.set_status(StatusCode.ERROR, why if isinstance(why, str) else None)

    def end(self) -> None:
        self._span.end()

    def _record(self, failure: BaseException) -> None:
        """Record an exception's type and stack trace. Its message may hold personal data; the log has it."""
        name = f"{type(failure).__module__}.{type(failure).__qualname__}"
        where = "".join(traceback.format_tb(failure.__traceback__))
        self._span.set_attribute("error.type", name)
        self._span.add_event("exception", {"exception.type": name, "exception.stacktrace": where})


class OtlpRecorder:
    """Creates spans and sends them in batches, from a thread of its own."""

    def __init__(self, process: str) -> None:
        resource = _resource(process)
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("jishi")

    def span(
        self,
        *,
        name: str,
        kind: Kind,
        of: Trace,
        links: Sequence[str | None],
        attributes: Attributes,
        began: datetime | None,
    ) -> Span:
        """Begin a child of the span in `of`, or a new trace."""
        known = {key: value for key, value in attributes.items() if value is not None}
        begun = self._tracer.start_span(
            name,
            context=_parent(of.traceparent),
            kind=KINDS[kind],
            attributes={"jishi.correlation_id": str(of.correlation_id), **known},
            links=[Link(context) for link in links if (context := _context(link))],
            start_time=None if began is None else int(began.timestamp() * 1e9),
        )
        return Recorded(begun, of)

    def close(self) -> None:
        """Send the remaining spans within FLUSH_WITHIN; the SDK would wait half a minute without a collector."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(FLUSH_WITHIN)


def _resource(process: str) -> Resource:
    """The resource that describes this process; attributes from the environment take precedence."""
    own = {
        "service.name": process,
        "service.namespace": "jishi",
        "service.instance.id": f"{socket.gethostname()}/{os.getpid()}",
    }
    return Resource.create(own).merge(OTELResourceDetector().detect())


def _parent(traceparent: str | None) -> Any:
    context = _context(traceparent)
    return otel.set_span_in_context(NonRecordingSpan(context) if context else otel.INVALID_SPAN)


def _context(traceparent: str | None) -> SpanContext | None:
    known = read(traceparent)
    if not known:
        return None
    flags = TraceFlags(int(known[3], 16))
    context = SpanContext(int(known[1], 16), int(known[2], 16), is_remote=True, trace_flags=flags)
    return context if context.is_valid else None
