"""The trace of the current request: passed on in messages and requests, and part of every log line."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.ids import new_id

TRACEPARENT = re.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")  # W3C Trace Context


@dataclass(frozen=True)
class Trace:
    """One request: its correlation id, and the W3C trace context that came with it."""

    correlation_id: UUID = field(default_factory=new_id)
    traceparent: str | None = None

    @classmethod
    def carried(cls, headers: Mapping[str, Any]) -> "Trace":
        """The trace in a message's headers; a new one if they have none."""
        try:
            correlation_id = UUID(headers.get("correlation_id"))
        except (TypeError, ValueError, AttributeError):
            correlation_id = new_id()
        return cls(correlation_id, headers.get("traceparent"))

    @property
    def trace_id(self) -> str | None:
        """The W3C trace id, under which a collector has the trace."""
        known = read(self.traceparent)
        return known[1] if known else None


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """The trace of the current request or message, if any."""
    return _current.get()


@contextmanager
def following(trace: Trace) -> Iterator[None]:
    """Make this the current trace inside the block."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


def read(traceparent: Any) -> re.Match[str] | None:
    """The match with trace id, parent id and flags; None if it is not a traceparent."""
    return TRACEPARENT.fullmatch(traceparent) if isinstance(traceparent, str) else None


def child_of(trace: Trace) -> str:
    """The `traceparent` for the next hop: the received one, as W3C requires of processes that do not record.

    A request without one gets its correlation id as trace id, both being 16 bytes.
    """
    if trace.trace_id:
        return str(trace.traceparent)
    return f"00-{trace.correlation_id.hex}-{secrets.token_hex(8)}-01"
