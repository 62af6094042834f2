"""Messages as delivered by a queue, and the retry policy. Independent of the broker's client.

A delivery has one of three outcomes: done, retry later, dead letter.
"""

import os
import random
import socket
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared import message_encoding, messages, retention_periods, settings
from shared.messages import Envelope, UnknownTopic
from shared.shapes import Misshapen

TRIES, FIRST_FAILED = "jishi_tries", "jishi_first_failed_at"
RETRIED = "jishi_retried"  # how often an operator has retried it
RESENT = "jishi_resent"  # the id of the resend, of a message that was sent again to one consumer
DEAD_QUEUE = "dead_queue"  # the queue that a dead letter came from, and returns to if it is retried
LONGEST_STACK = 8_000  # characters: all headers must fit into one frame


class Unrecoverable(Exception):
    """A retry cannot succeed: the message becomes a dead letter at once."""


class Unreadable(Unrecoverable):
    """The message is not JSON, has an unknown topic or version, or does not fit its schema."""


@dataclass(frozen=True)
class Delivery:
    """A message as the broker delivered it, byte for byte."""

    body: bytes
    headers: Mapping[str, Any] = field(default_factory=dict)
    redelivered: bool = False
    tag: int = 0


@dataclass(frozen=True)
class Done:
    """Handled, now or before: to be acknowledged."""


@dataclass(frozen=True)
class Later:
    """Failed for now: waits on a rung of the retry ladder for `delay` seconds, then is delivered again."""

    rung: float
    delay: float
    headers: Mapping[str, Any]


@dataclass(frozen=True)
class Dead:
    """Failed finally: becomes a dead letter, with the cause in the headers."""

    headers: Mapping[str, Any]


Outcome = Done | Later | Dead


@dataclass(frozen=True)
class Policy:
    """How often a message is tried: (immediate + 1) × (len(rungs) + 1) times. Rungs are delays in seconds."""

    immediate: int = 2
    rungs: tuple[float, ...] = (1, 10, 60, 600)

    @classmethod
    def from_environment(cls) -> "Policy":
        """The policy from RETRY_RUNGS and RETRY_IMMEDIATE, which must be the same in every process."""
        default = cls()
        configured = settings.text("RETRY_RUNGS", ",".join(map(str, default.rungs)))
        rungs = tuple(float(rung) for rung in configured.split(","))
        retention_periods.check(rungs)
        return cls(immediate=settings.whole("RETRY_IMMEDIATE", default.immediate), rungs=rungs)

    @property
    def tries_a_round(self) -> int:
        return self.immediate + 1

    def verdict(self, delivery: Delivery, handler: str, failure: Exception, tries: int) -> Outcome:
        """The outcome of a message that failed `tries` more times."""
        total = int(delivery.headers.get(TRIES, 0)) + tries
        first = delivery.headers.get(FIRST_FAILED) or _now()
        marked = {**delivery.headers, TRIES: total, FIRST_FAILED: first}
        rounds = -(-total // self.tries_a_round)
        if isinstance(failure, Unrecoverable) or rounds > len(self.rungs):
            return Dead({**marked, **_cause(handler, failure, total, first)})
        rung = self.rungs[rounds - 1]
        return Later(rung, rung * random.uniform(0.8, 1.0), marked)


def read_envelope(delivery: Delivery) -> Envelope:
    """The envelope in a delivery. Raises Unreadable."""
    headers = delivery.headers
    try:
        return Envelope(
            body=messages.load(headers["cloudEvents_type"], message_encoding.decode(delivery.body)),
            source=headers["cloudEvents_source"],
            message_id=UUID(headers["cloudEvents_id"]),
            correlation_id=UUID(headers["correlation_id"]),
            causation_id=_maybe(UUID, headers.get("causation_id")),
            in_reply_to=_maybe(UUID, headers.get(message_encoding.IN_REPLY_TO)),
            time=datetime.fromisoformat(headers["cloudEvents_time"]),
            not_after=_maybe(datetime.fromisoformat, headers.get("not_after")),
            traceparent=headers.get("traceparent"),
            redelivered=delivery.redelivered,
        )
    except (KeyError, ValueError, TypeError, AttributeError, UnknownTopic, Misshapen) as wrong:
        raise Unreadable(f"{type(wrong).__name__}: {wrong}") from wrong


def _maybe(read: Any, value: Any) -> Any:
    return None if value is None else read(value)


def _cause(handler: str, failure: Exception, tries: int, first: str) -> dict[str, Any]:
    stack = "".join(traceback.format_exception(failure))
    return {
        "dead_handler": handler,
        "dead_exception": f"{type(failure).__module__}.{type(failure).__qualname__}",
        "dead_message": str(failure)[:1000],
        "dead_stack": stack[-LONGEST_STACK:],
        "dead_attempts": tries,
        "dead_first_failed_at": first,
        "dead_last_failed_at": _now(),
        "dead_host": f"{socket.gethostname()}/{os.getpid()}",
    }


def _now() -> str:
    return datetime.now(UTC).isoformat()
