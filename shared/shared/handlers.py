"""Which methods of a service handle which topics. Queues and consumers are derived from this."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint

from shared.messages import REPLY, Event, Message

InAdvance = Callable[[Any, Sequence[Any]], None]


@dataclass(frozen=True)
class Handler:
    """A method of a service that handles a topic; `consumer` is its name in the inbox.

    kinds       the kinds of messages of the topic that it handles: "command", or "event" and "reply"
    in_advance  reads at once what the method reads for each of several messages
    linger      seconds that a message may wait for others
    """

    method: str
    consumer: str
    together: bool
    kinds: frozenset[str]
    in_advance: InAdvance | None = None
    linger: float = 0.0


class HandlerMark(Entrypoint):
    """Marks a method as a handler of these commands and events, and of these replies to the service's commands."""

    def __init__(
        self,
        *types: type[Message],
        replies: Iterable[type[Event]] = (),
        together: bool = False,
        in_advance: InAdvance | None = None,
        linger: float = 0.0,
    ) -> None:
        super().__init__()
        self.together, self.in_advance, self.linger = together, in_advance, linger
        pairs = [(one, one.kind) for one in types] + [(one, REPLY) for one in replies]
        self.kinds = {one: frozenset(kind for other, kind in pairs if other is one) for one, _ in pairs}


def handlers(service_class: Any) -> dict[str, list[Handler]]:
    """The handlers of a service by topic."""
    found: dict[str, list[Handler]] = {}
    for method, mark in _marks(service_class):
        consumer = f"{service_class.name}.{method}"
        for message_type, kinds in mark.kinds.items():
            handler = Handler(method, consumer, mark.together, kinds, mark.in_advance, mark.linger)
            found.setdefault(message_type.topic, []).append(handler)
    return found


def _marks(service_class: Any) -> list[tuple[str, HandlerMark]]:
    return [
        (name, entrypoint)
        for name, method in inspect.getmembers(service_class, inspect.isfunction)
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, HandlerMark)
    ]
