"""Which request the running code works for: carried from message to message, and into every log line."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from shared.ids import new_id


@dataclass(frozen=True)
class Trace:
    """One request: its correlation id, and the W3C trace context that came with it."""

    correlation_id: UUID = field(default_factory=new_id)
    traceparent: str | None = None


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """The trace of the running request or message, if there is one."""
    return _current.get()


@contextmanager
def following(trace: Trace) -> Iterator[None]:
    """Work for this request inside the block."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


def child_of(trace: Trace) -> str:
    """The `traceparent` of the next hop (W3C Trace Context): same trace, a span of its own.

    A request that came without one gets its correlation id as trace id, both being 16 bytes.
    """
    parts = (trace.traceparent or "").split("-")
    trace_id, flags = (parts[1], parts[3]) if len(parts) == 4 else (trace.correlation_id.hex, "01")
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"
