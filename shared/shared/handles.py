"""`@handles(EventOrCommand, …)`: a method that listens, and the list of them in a service class."""

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


class Handles(Entrypoint):
    """Calls the method with each message of these types, in the transaction that also remembers it.

    The method is given `(work, message)`; with `together`, `(work, [(message, envelope), …])`, all that a
    batch brought.
    """

    def __init__(self, *types: type[Message], together: bool = False) -> None:
        super().__init__()
        self.types, self.together = types, together


handles = Handles.decorator


def handlers(service_class: type) -> dict[str, list[Handler]]:
    """The handlers of a service by topic: what it must have queues for."""
    found: dict[str, list[Handler]] = {}
    for name, entrypoint in _entrypoints(service_class):
        handler = Handler(name, f"{_name(service_class)}.{name}", entrypoint.together)
        for message_type in entrypoint.types:
            found.setdefault(message_type.topic, []).append(handler)
    return found


def _entrypoints(service_class: type) -> list[tuple[str, Handles]]:
    methods = inspect.getmembers(service_class, inspect.isfunction)
    return [
        (name, entrypoint)
        for name, method in methods
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, Handles)
    ]


def _name(service_class: Any) -> str:
    return str(service_class.name)
