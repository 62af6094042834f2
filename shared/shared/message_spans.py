"""The spans of a message: published by a relay, handled in a transaction of a service."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared import message_encoding, spans
from shared.messages import Envelope
from shared.spans import Span
from shared.trace import Trace

if TYPE_CHECKING:
    from shared.relay.rows import Row


def published(row: "Row") -> Span:
    """The span from the relay's claim of the row to the broker's confirm, with how long the row had waited."""
    if not spans.recording():
        return spans.UNRECORDED
    of = Trace.carried(row.headers)
    about = {
        **_about("publish", "send", row.topic, row.message_id, of),
        "messaging.destination.name": f"{message_encoding.exchange_of(row.kind)}:{row.queue or row.topic}",
        "jishi.subject": row.subject,
        "jishi.outbox.position": row.position,
        "jishi.outbox.waited_seconds": (row.claimed_at - (row.not_before or row.created_at)).total_seconds(),
    }
    return spans.span(f"publish {row.topic}", kind="producer", of=of, attributes=about, began=row.claimed_at)


@contextmanager
def handled(envelopes: Sequence[Envelope], *consumers: str) -> Iterator[list[Envelope]]:
    """Record the transaction as a span for each of its messages; everything that a message causes is its child.

    A batch of several messages has another span, linked to all of theirs.
    """
    if not spans.recording():
        yield list(envelopes)
        return
    own = [_process(envelope, consumers) for envelope in envelopes]
    begun = [*own, *_batch(envelopes, own)]
    try:
        yield [replace(one, traceparent=span.traceparent) for one, span in zip(envelopes, own, strict=True)]
    except BaseException as failure:
        for span in begun:
            span.fail(failure)
        raise
    finally:
        for span in begun:
            span.end()


def _process(envelope: Envelope, consumers: Sequence[str]) -> Span:
    topic = envelope.body.topic
    of = Trace(envelope.correlation_id, envelope.traceparent)
    about = {
        **_about("process", "process", topic, envelope.message_id, of),
        "messaging.destination.name": topic,
        "messaging.rabbitmq.redelivered": envelope.redelivered,
        "jishi.subject": envelope.body.subject,
        "jishi.consumers": consumers,
    }
    return spans.span(f"process {topic}", kind="consumer", of=of, attributes=about)


def _batch(envelopes: Sequence[Envelope], own: Sequence[Span]) -> list[Span]:
    if len(own) < 2:
        return []
    topic = envelopes[0].body.topic
    about = {"messaging.system": "rabbitmq", "messaging.batch.message_count": len(own)}
    links = [span.traceparent for span in own]
    return [spans.span(f"batch {topic}", of=Trace(), links=links, attributes=about)]


def _about(name: str, kind: str, topic: str, message_id: UUID, of: Trace) -> dict[str, Any]:
    return {
        "messaging.system": "rabbitmq",
        "messaging.operation.name": name,
        "messaging.operation.type": kind,
        "messaging.rabbitmq.destination.routing_key": topic,
        "messaging.message.id": str(message_id),
        "messaging.message.conversation_id": str(of.correlation_id),
    }
