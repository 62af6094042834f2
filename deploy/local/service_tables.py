"""The tables of a service's README: its requests, commands, and events, from the contracts (`make docs`)."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from shared import messages, topology
from shared.handlers import handlers
from shared.json_schema import described
from shared.messages import Command, Event, Message
from shared.requests import Request, request_types

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = ("| request | permission | roles | |", "|---|---|---|---|")
COMMANDS = ("| command | | replies |", "|---|---|---|")
PUBLISHED = ("| event | |", "|---|---|")
CONSUMED = ("| event | of | handled by |", "|---|---|---|")
ABSENT = "None."
M = TypeVar("M", bound=Message)


def readme(service: str) -> Path:
    """The path of a service's README."""
    return ROOT / "services" / service / "README.md"


def page(service: str) -> str:
    """The text of a service's README with its sections as the contracts declare them now."""
    text = readme(service).read_text()
    for heading, body in sections(service).items():
        before, found, rest = text.partition(f"## {heading}\n")
        _, following, after = rest.partition("\n## ")
        text = f"{before}{found}\n{body}\n{following}{after}" if found else text
    return text.rstrip("\n") + "\n"


def sections(service: str) -> dict[str, str]:
    """The generated sections by their headings."""
    handled = handlers(topology.service_class(service))  # importing the service imports its contracts
    received = {messages.message_type(topic): [each.method for each in by] for topic, by in handled.items()}
    own = {one for one in messages.message_types() if messages.owner(one.topic) == service}
    return {
        "Requests": _table(REQUESTS, map(_request, _requests(service))),
        "Commands": _table(COMMANDS, map(_command, _of_kind(Command, received))),
        "Published events": _table(PUBLISHED, map(_published, _of_kind(Event, own))),
        "Consumed events": _table(CONSUMED, (_consumed(one, received[one]) for one in _of_kind(Event, received))),
    }


def _requests(service: str) -> list[type[Request]]:
    declared = (each for each in request_types() if each.__module__.startswith("shared.contracts."))
    return [each for each in declared if each.contract.method.startswith(f"{service}.")]


def _of_kind(kind: type[M], types: Iterable[type[Message]]) -> list[type[M]]:
    return sorted((one for one in types if issubclass(one, kind)), key=lambda one: one.__name__)


def _request(request: type[Request]) -> str:
    contract = request.contract
    roles = ", ".join(sorted(role.value for role in contract.allowed))
    key = " Takes an idempotency key." if contract.keyed else ""
    return f"| `{contract.name}` | `{contract.permission}` | {roles} | {_summary(request)}.{key} |"


def _command(command: type[Command]) -> str:
    replies = ", ".join(f"`{one.__name__}`" for one in (*command.yes, *command.no))
    return f"| `{command.__name__}` | {_summary(command)}. | {replies} |"


def _published(event: type[Event]) -> str:
    outside = " For other systems." if event.outside else ""
    return f"| `{event.__name__}` | {_summary(event)}.{outside} |"


def _consumed(event: type[Event], methods: list[str]) -> str:
    by = ", ".join(f"`{method}`" for method in methods)
    return f"| `{event.__name__}` | {messages.owner(event.topic)} | {by} |"


def _summary(declared: type) -> str:
    """The first sentence of the docstring, in one line."""
    return " ".join(described(declared).partition(". ")[0].split()).removesuffix(".")


def _table(head: tuple[str, str], rows: Iterable[str]) -> str:
    """A table, or a word in its place where there are no rows."""
    listed = list(rows)
    return "\n".join((*head, *listed)) if listed else ABSENT
