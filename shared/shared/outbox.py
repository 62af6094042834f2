"""The outbox: the messages of a service, stored in the transaction of the change.

The relay (`shared.relay`) publishes the rows afterwards. A row with `not_before` is delayed; a row with `within`
is a command with a deadline, counted from the broker's confirm. A row of kind `reply` is sent to the command's
sender.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, DateTime, Integer, MetaData, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

from shared import message_encoding, messages
from shared.ids import new_id
from shared.messages import Message
from shared.rows import after, append
from shared.shapes import Misshapen

metadata = MetaData()
outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=True),
    Column("message_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("not_before", DateTime(timezone=True)),
    Column("within", Integer),  # milliseconds
    Column("queue", Text),  # of a reply, and of a message that is sent again to one queue
    Column("sent_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),
    Column("error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


@dataclass(frozen=True, kw_only=True)
class Trail:
    """The origin of a message: its request's correlation id, and the message that it follows from or answers."""

    correlation_id: UUID
    causation_id: UUID | None = None
    in_reply_to: UUID | None = None
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        """The headers of this trail, without None values."""
        known = {
            "correlation_id": self.correlation_id,
            "causation_id": self.causation_id,
            message_encoding.IN_REPLY_TO: self.in_reply_to,
            "traceparent": self.traceparent,
        }
        return {name: str(value) for name, value in known.items() if value is not None}


def row(
    message: Message,
    trail: Trail,
    *,
    at: datetime | timedelta | None = None,
    within: timedelta | None = None,
) -> dict[str, Any]:
    """The outbox row of a message; `at` is a time, or a delay from its insertion.

    Raises shapes.Misshapen for a message that its consumers could not deserialise.
    """
    return {
        "message_id": new_id(),
        "topic": message.topic,
        "kind": message.kind,
        "subject": message.subject,
        "body": body(message),
        "headers": trail.headers(),
        "not_before": at,
        "within": _milliseconds(within),
        "queue": None,
    }


def reply(event: Message, trail: Trail, requester: str) -> dict[str, Any]:
    """The outbox row of an event that answers a command of the service `requester`, addressed to its queue."""
    queue = message_encoding.queue_name(requester, event.topic)
    return row(event, trail) | {"kind": messages.REPLY, "queue": queue}


def again(message_id: UUID, topic: str, body: str, headers: dict[str, Any], queue: str) -> dict[str, Any]:
    """The outbox row of a message that is sent again to one queue, with its original headers and body."""
    unset = dict.fromkeys(("not_before", "within"))
    subject = str(headers.get("cloudEvents_subject", message_id))
    sent = {
        "message_id": message_id,
        "topic": topic,
        "kind": message_encoding.AGAIN,
        "subject": subject,
        "body": body,
    }
    return {**sent, "headers": headers, "queue": queue, **unset}


def insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Insert rows together with the next statement; their positions follow the given order.

    Delays become times by the database's clock, which the relay uses.
    """
    append(connection, outbox, [row | {"not_before": _time(row["not_before"])} for row in rows])


def _time(at: Any) -> Any:
    return after(at) if isinstance(at, timedelta) else at


def body(message: Message) -> str:
    """The JSON text of a message. Raises Misshapen if its consumers could not deserialise it."""
    data = messages.dump(message)
    if messages.load(message.topic, data) != message:
        raise Misshapen({message.topic: ["The message differs after serialisation."]})
    return message_encoding.text(data)


def _milliseconds(within: timedelta | None) -> int | None:
    return None if within is None else int(within.total_seconds() * 1000)
