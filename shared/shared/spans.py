"""Spans: the work of this process for a request and its duration, sent to a collector of OpenTelemetry traces.

    with spans.span("payments.open", kind="client", attributes={"jishi.payment.id": "…"}) as span:
        ...

A span is a child of the current `Trace` and is itself current inside its block, so that messages and requests sent
there carry its context. Without OTEL_EXPORTER_OTLP_ENDPOINT nothing is recorded and OpenTelemetry is not imported.
Attributes are ids and names, never user input or exception messages.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, Self

from shared import trace
from shared.trace import Trace

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, Any]
NONE: Attributes = {}
COLLECTOR = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Span:
    """A span that is not recorded. Recorded ones are in `shared.recording`."""

    traceparent: str | None = None

    def __enter__(self) -> Self:
        """Make it the current span inside the block; it ends with the block."""
        return self

    def __exit__(self, _type: object, failure: BaseException | None, _stack: object) -> None:
        """End it, and record the block's exception."""

    def set_attributes(self, attributes: Attributes) -> None:
        """Add attributes."""

    def rename(self, name: str) -> None:
        """Change its name."""

    def fail(self, why: BaseException | str) -> None:
        """Record a failure."""

    def end(self) -> None:
        """End it; only if it is not used in a `with`."""


class Recorder(Protocol):
    """Creates recorded spans."""

    def span(
        self,
        *,
        name: str,
        kind: Kind,
        of: Trace,
        links: Sequence[str | None],
        attributes: Attributes,
        began: datetime | None,
    ) -> Span: ...
    def close(self) -> None: ...


UNRECORDED = Span()
_recorder: Recorder | None = None


def configure(process: str) -> None:
    """Start recording under this process name, if the environment names a collector."""
    global _recorder  # noqa: PLW0603 - one for each process, as the logs
    if any(map(os.environ.get, COLLECTOR)) and os.environ.get("OTEL_TRACES_EXPORTER") != "none":
        from shared.recording import OtlpRecorder  # noqa: PLC0415 - the import takes 0.25 s

        _recorder = OtlpRecorder(process)


def close() -> None:
    """Send the remaining spans, waiting only shortly for a collector that does not respond."""
    if _recorder:
        _recorder.close()


def recording() -> bool:
    """Whether spans are recorded."""
    return _recorder is not None


def span(
    name: str,
    *,
    kind: Kind = "internal",
    of: Trace | None = None,
    links: Sequence[str | None] = (),
    attributes: Attributes = NONE,
    began: datetime | None = None,
) -> Span:
    """Begin a span of the current trace, or of the trace `of`; `links` are traceparents of other spans."""
    if _recorder is None:
        return UNRECORDED
    parent = of or trace.current() or Trace()
    return _recorder.span(name=name, kind=kind, of=parent, links=links, attributes=attributes, began=began)


def onward(known: Trace) -> str | None:
    """The `traceparent` to pass on. Without a recorder a span id is generated, unless the trace has one."""
    return known.traceparent if _recorder else trace.child_of(known)
