"""Runs a service's handlers without a broker and without nameko's container."""

import inspect
from typing import Any
from uuid import UUID

from nameko.extensions import is_dependency
from sqlalchemy import select, true

from shared import message_encoding, messages, shapes
from shared.batches import Batches
from shared.contracts.operating.requests import ListOperatorLog
from shared.contracts.operating.views import LogEntry
from shared.contracts.pages import Page
from shared.db import Database, OpenWork, Work
from shared.delivery import Delivery, Policy
from shared.handlers import handlers
from shared.messages import Envelope, Message
from shared.operating import log
from shared.outbox import outbox


def service(service_class: type, open_work: OpenWork[Any]) -> Any:
    """An instance of a service with its dependencies, on the database of `open_work`."""
    instance = service_class()
    for name, provider in inspect.getmembers(service_class, is_dependency):
        is_database = isinstance(provider, Database)
        setattr(instance, name, open_work if is_database else provider.get_dependency(None))
    return instance


def envelope(message: Message, **known: Any) -> Envelope:
    """A message in an envelope as if its sender had just sent it; `known` sets message_id, not_after, ….

    The sender of an event is its owner; the sender of a command is always orders.
    """
    sender = messages.owner(message.topic) if message.kind == "event" else "orders"
    return Envelope(**{"body": message, "source": sender, **known})


def deliver(service_class: type, open_work: OpenWork[Any], *sent: Message | Envelope) -> list[Envelope]:
    """Run a service's handlers for messages of one topic as one batch, as its process would.

    Returns the envelopes, so that a test can deliver the same message again. Exceptions of handlers propagate.
    """
    envelopes = [one if isinstance(one, Envelope) else envelope(one) for one in sent]
    (topic,) = {one.body.topic for one in envelopes}
    runner = Batches(
        topic,
        handlers(service_class)[topic],
        lambda: service(service_class, open_work),
        open_work,
        policy=Raising(immediate=0),
    )
    runner.run([delivery(one) for one in envelopes])
    return envelopes


class Raising(Policy):
    """Raises a handler's exception instead of retrying."""

    def verdict(self, delivery: Delivery, handler: str, failure: Exception, tries: int) -> Any:
        raise failure


def delivery(sealed: Envelope) -> Delivery:
    """The envelope as the broker would deliver it."""
    return Delivery(
        body=message_encoding.body(sealed),
        headers=message_encoding.headers(sealed),
        redelivered=sealed.redelivered,
    )


def published(open_work: OpenWork[Any]) -> list[Message]:
    """The commands and events in the outbox, oldest first."""
    return _messages(open_work, outbox.c.kind != messages.REPLY)


def replied(open_work: OpenWork[Any], to: UUID | None = None) -> list[Message]:
    """The replies in the outbox, oldest first: to the command with this id, or to all."""
    which = outbox.c.headers[message_encoding.IN_REPLY_TO].astext == str(to) if to else true()
    return _messages(open_work, outbox.c.kind == messages.REPLY, which)


def logged(work: Work, **which: Any) -> list[dict[str, Any]]:
    """The entries of the operator log as JSON, newest first; `which` are fields of ListOperatorLog."""
    items: list[dict[str, Any]] = shapes.dump(log.entries(work, ListOperatorLog(**which)), Page[LogEntry])["items"]
    return items


def _messages(open_work: OpenWork[Any], *which: Any) -> list[Message]:
    rows = select(outbox.c.topic, outbox.c.body).where(*which).order_by(outbox.c.position)
    with open_work.engine.connect() as connection:
        return [message_encoding.message(topic, body) for topic, body in connection.execute(rows)]
