"""Which methods of a service handle which topics: what its queues, its consumers and its tests go by."""

import inspect
from dataclasses import dataclass
from typing import Any

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint

from shared.messages import Message


@dataclass(frozen=True)
class Handler:
    """A method of a service that handles a topic; `consumer` is its name in the inbox."""

    method: str
    consumer: str
    together: bool


class Listener(Entrypoint):
    """The mark that a method listens to these types of messages."""

    def __init__(self, *types: type[Message], together: bool = False) -> None:
        super().__init__()
        self.types, self.together = types, together


def handlers(service_class: Any) -> dict[str, list[Handler]]:
    """The handlers of a service by topic."""
    found: dict[str, list[Handler]] = {}
    for method, listener in _listeners(service_class):
        handler = Handler(method, f"{service_class.name}.{method}", listener.together)
        for message_type in listener.types:
            found.setdefault(message_type.topic, []).append(handler)
    return found


def _listeners(service_class: Any) -> list[tuple[str, Listener]]:
    return [
        (name, entrypoint)
        for name, method in inspect.getmembers(service_class, inspect.isfunction)
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, Listener)
    ]
