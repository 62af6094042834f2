"""The base classes of messages, frozen dataclasses with a topic, and their envelope.

The contracts (`shared/contracts/<owner>/{events,commands}.py`) declare messages; the marshmallow schema of each is
derived once from its fields (`shared.shapes`). A topic reads `owner.snake_case.vN` and never changes its meaning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from shared import shapes
from shared.ids import new_id

TOPIC = re.compile(r"^(?P<owner>[a-z]+)\.(?P<name>[a-z_]+)\.v(?P<version>\d+)$")
REPLY = "reply"  # the kind of an event that answers a command: only the command's sender receives it
_by_topic: dict[str, type["Message"]] = {}


class UnknownTopic(LookupError):
    """No contract declares this topic; the message becomes a dead letter unchanged."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """An event or a command. `topic` is its name on the wire; messages are ordered by the value of field `key`."""

    topic: ClassVar[str]
    key: ClassVar[str]
    kind: ClassVar[str]

    def __init_subclass__(cls, topic: str = "", key: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if not topic:
            return
        if not TOPIC.match(topic) or topic in _by_topic:
            raise TypeError(f"{topic!r} is not a topic, or is already declared")
        cls.topic, cls.key = topic, key
        _by_topic[topic] = cls

    @property
    def subject(self) -> str:
        """The id of the message's aggregate; messages of one subject are sent in order."""
        return str(getattr(self, self.key))


class Event(Message):
    """A fact, published to all subscribers; `outside`: it has external subscribers only."""

    kind = "event"
    outside: ClassVar[bool] = False

    def __init_subclass__(cls, *, outside: bool = False, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.outside = outside


class Command(Message):
    """A request to one service, which replies with one of the events `yes` (accepted) or `no` (refused)."""

    kind = "command"
    yes: ClassVar[tuple[type[Event], ...]] = ()
    no: ClassVar[tuple[type[Event], ...]] = ()

    def __init_subclass__(
        cls, yes: tuple[type[Event], ...] = (), no: tuple[type[Event], ...] = (), **rest: Any
    ) -> None:
        super().__init_subclass__(**rest)
        cls.yes, cls.no = yes, no


def message_type(topic: str) -> type[Message]:
    """Return the class that declares `topic`; raise UnknownTopic."""
    try:
        return _by_topic[topic]
    except KeyError:
        raise UnknownTopic(topic) from None


def message_types() -> Iterator[type[Message]]:
    """All declared messages, by topic."""
    return (_by_topic[topic] for topic in sorted(_by_topic))


def owner(topic: str) -> str:
    """The service that publishes this event or handles this command: the first word of the topic."""
    return topic.split(".", 1)[0]


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A message with its metadata.

    message_id      the same on every copy; the key of the inbox
    correlation_id  the same for all messages that follow from one request
    causation_id    the id of the message that caused this one, if any
    in_reply_to     of a reply: the id of the command
    not_after       the deadline of a command: its receiver refuses it later
    """

    body: Message
    source: str
    message_id: UUID = field(default_factory=new_id)
    correlation_id: UUID = field(default_factory=new_id)
    causation_id: UUID | None = None
    in_reply_to: UUID | None = None
    time: datetime = field(default_factory=lambda: datetime.now(UTC))
    not_after: datetime | None = None
    traceparent: str | None = None
    redelivered: bool = False

    @property
    def kind(self) -> str:
        """The kind of delivery: "event", "command" or "reply"."""
        return REPLY if self.in_reply_to else self.body.kind


def dump(message: Message) -> dict[str, Any]:
    """The JSON object of a message's body."""
    return shapes.dump(message)


def load(topic: str, body: dict[str, Any]) -> Message:
    """Deserialise a JSON body; unknown fields are ignored. Raises UnknownTopic, shapes.Misshapen."""
    return shapes.load(message_type(topic), body, complete=True)
