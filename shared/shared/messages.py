"""What a message is: a frozen dataclass with a topic, and the envelope it travels in.

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
REPLY = "reply"  # the kind of an event that answers a command: it goes to who gave the command, and to nobody else
_by_topic: dict[str, type["Message"]] = {}


class UnknownTopic(LookupError):
    """No contract declares this topic; the message goes to the dead letters as it is."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A fact or a wish. `topic` names it on the wire; `key` is the field whose value orders it."""

    topic: ClassVar[str]
    key: ClassVar[str]
    kind: ClassVar[str]

    def __init_subclass__(cls, topic: str = "", key: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if not topic:
            return
        if not TOPIC.match(topic) or topic in _by_topic:
            raise TypeError(f"{topic!r} is no topic, or is taken")
        cls.topic, cls.key = topic, key
        _by_topic[topic] = cls

    @property
    def subject(self) -> str:
        """The aggregate it speaks of; messages of one subject leave in order."""
        return str(getattr(self, self.key))


class Event(Message):
    """A fact: something happened. Anyone may listen; `outside`: only systems outside do, none of ours."""

    kind = "event"
    outside: ClassVar[bool] = False

    def __init_subclass__(cls, *, outside: bool = False, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.outside = outside


class Command(Message):
    """A wish: exactly one service obeys, and answers with one of the events `yes` or `no`, if there are any."""

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
    """The service that says this event or obeys this command: the first word of the topic."""
    return topic.split(".", 1)[0]


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A message and what the road needs to know of it.

    message_id    the same on every copy; the inbox knows it by this
    correlation_id one for all that follows from one request
    causation_id  the message this one answers or follows from, if any
    in_reply_to   the command that this one answers; none for a fact
    not_after     a command that arrives later is refused by its receiver
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
        """How it travels: "event", "command" or "reply"."""
        return REPLY if self.in_reply_to else self.body.kind


def dump(message: Message) -> dict[str, Any]:
    """The JSON object of a message's body."""
    return shapes.dump(message)


def load(topic: str, body: dict[str, Any]) -> Message:
    """The message in a JSON body; unknown fields are ignored. Raises UnknownTopic, shapes.Misshapen."""
    return shapes.load(message_type(topic), body, complete=True)
