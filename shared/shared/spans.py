"""Spans: what this process does for a request and how long it takes, told to a collector of OpenTelemetry traces.

    with spans.span("payments.open", kind="client", attributes={"jishi.payment.id": "…"}) as span:
        ...

A span is a child of the `Trace` that is followed, and is followed itself inside its block: what is said or asked
there carries its context on. Without OTEL_EXPORTER_OTLP_ENDPOINT nothing is recorded, and nothing of OpenTelemetry
is imported. Attributes are ids and names; nothing that a person has written, and no message of an exception.
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
    """A span that nobody records. `shared.recording` has those that are."""

    traceparent: str | None = None

    def __enter__(self) -> Self:
        """Follow it inside the block; it ends with the block."""
        return self

    def __exit__(self, _type: object, failure: BaseException | None, _stack: object) -> None:
        """End it, with what went wrong."""

    def tell(self, attributes: Attributes) -> None:
        """Say more about it."""

    def rename(self, name: str) -> None:
        """Call it by what is known now."""

    def fail(self, why: BaseException | str) -> None:
        """It did not do what it should."""

    def end(self) -> None:
        """It is over; only for one that is not used in a `with`."""


class Recorder(Protocol):
    """What makes spans that are recorded."""

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
    """Record from now on, as this process, if the environment names a collector."""
    global _recorder  # noqa: PLW0603 - one for each process, as the logs
    if any(map(os.environ.get, COLLECTOR)) and os.environ.get("OTEL_TRACES_EXPORTER") != "none":
        from shared.recording import OtlpRecorder  # noqa: PLC0415 - a quarter of a second, for those who want it

        _recorder = OtlpRecorder(process)


def close() -> None:
    """Send what is left. A collector that does not answer holds nobody up for long."""
    if _recorder:
        _recorder.close()


def recording() -> bool:
    """Whether spans go anywhere."""
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
    """Begin a span of the trace that is followed, or `of` another one; `links` are traceparents of others."""
    if _recorder is None:
        return UNRECORDED
    parent = of or trace.current() or Trace()
    return _recorder.span(name=name, kind=kind, of=parent, links=links, attributes=attributes, began=began)


def onward(known: Trace) -> str | None:
    """The `traceparent` of what follows from here; none is made up where the next one will record a span."""
    return known.traceparent if _recorder else trace.child_of(known)
