"""docs/contracts, generated from the contracts and from the publishers and consumers of messages (`make docs`).

The released files are the baseline: a change that breaks a consumer is refused, and nothing is written.
"""

import importlib
import json
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from local.system import SERVICES
from shared import asyncapi, compatibility, message_encoding, messages, topology
from shared.asyncapi import Party
from shared.handlers import handlers
from shared.messages import REPLY, Command, Event, Message
from shared.sagas import Sagas

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "contracts"
EXAMPLES = ROOT / "shared" / "tests" / "contract" / "examples"
DOCUMENT, SCHEMAS = "asyncapi.json", "schemas"


def types() -> list[type[Message]]:
    """The messages of the contracts, without those that tests declare."""
    return [one for one in messages.message_types() if one.__module__.startswith("shared.contracts.")]


def parties() -> list[Party]:
    """The services, and the gateway, whose streams are woken by events."""
    return [*(_service(topology.service_class(name)) for name in SERVICES), _gateway()]


def generated() -> dict[str, Any]:
    """The JSON of each file of docs/contracts, by its path there."""
    reported = [(one.topic, asyncapi.schema(one)) for one in types()]
    document = asyncapi.document(types(), parties(), dict(_examples()))
    return {DOCUMENT: document, **{f"{SCHEMAS}/{topic}.json": schema for topic, schema in reported}}


def text(data: Any) -> str:
    """JSON as text, formatted for a file."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def breaks(files: dict[str, Any], folder: Path = FOLDER) -> list[str]:
    """The changes in these files that break consumers of the released ones."""
    released = {path.stem: json.loads(path.read_text()) for path in sorted((folder / SCHEMAS).glob("*.json"))}
    now = {topic: files.get(f"{SCHEMAS}/{topic}.json") for topic in released}
    return [lost for topic, was in released.items() for lost in compatibility.breaks(topic, was, now[topic])]


def write(files: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write the files. Raises compatibility.Broken, and then writes none."""
    if lost := breaks(files, folder):
        raise compatibility.Broken(lost)
    (folder / SCHEMAS).mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        (folder / path).write_text(text(data))


def _service(service: Any) -> Party:
    own = {one for one in types() if issubclass(one, Event) and messages.owner(one.topic) == service.name}
    handled = [one for one in types() if issubclass(one, Command) and messages.owner(one.topic) == service.name]
    return Party(
        service.name,
        publishes=frozenset(own | _sent(service)),
        replies=frozenset(answer for command in handled for answer in command.yes + command.no),
        consumes=_queues(service, lambda kind: kind != REPLY),
        consumes_replies=_queues(service, lambda kind: kind == REPLY),
    )


def _queues(service: Any, wanted: Callable[[str], bool]) -> dict[str, str]:
    """The queues of a service by topic, for the topics of which it handles messages of a kind."""
    kinds = ((topic, kind) for topic, found in handlers(service).items() for one in found for kind in one.kinds)
    return {topic: message_encoding.queue_name(service.name, topic) for topic, kind in kinds if wanted(kind)}


def _sent(service: Any) -> set[type[Message]]:
    """The commands of its sagas, its own commands (`sends`), and its timers."""
    engines = [found.engine for found in vars(service).values() if isinstance(found, Sagas)]
    commands = {command for engine in engines for saga in engine.sagas.values() for command in saga.commands}
    return commands | set(getattr(service, "sends", ())) | {engine.timer for engine in engines}


def _gateway() -> Party:
    changes = importlib.import_module("gateway.changes")
    patterns = [pattern.replace("#", "*") for pattern in changes.TOPICS]
    events = [one for one in types() if issubclass(one, Event)]
    received = [one for one in events if any(fnmatch(one.topic, pattern) for pattern in patterns)]
    return Party("gateway", consumes={one.topic: "(one of each process)" for one in received})


def _examples() -> Iterator[tuple[str, Any]]:
    return ((path.stem, json.loads(path.read_text())) for path in sorted(EXAMPLES.glob("*.json")))
