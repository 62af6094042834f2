"""What an invariant is to the auditor: a sentence, and a look at the services that finds what breaks it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

Json = dict[str, Any]


class Queries(Protocol):
    """The services, as the auditor reaches them."""

    def call(self, method: str, request: Json) -> Any:
        """What `service.method` answers. Raises CouldNotLook when it cannot be asked, Refusal when it refuses."""

    def pages(self, method: str, **request: Any) -> Iterator[Json]:
        """Every page of a door, from the first key to the last: `{"items": […], "checked": n}`."""


class AuditIncomplete(Exception):
    """A service is away: whether the invariant holds is not known."""


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A command to the owner, who looks again under its lock before it does anything."""

    method: str
    request: Json
    words: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that breaks an invariant.

    `about` names it in the same way whenever it is seen ("sku <id>"); its last word is the key by which the doors
    can be asked about it alone. `since` is when what is wrong last changed: what is young may still be on its way.
    None: it was seen at one moment in one database, where nothing is on its way.
    """

    check: str
    about: str
    detail: str
    facts: Json = field(default_factory=dict)
    since: datetime | None = None
    repair: Repair | None = None
    advice: str = ""

    @property
    def key(self) -> str:
        return self.about.rpartition(" ")[2]


@dataclass(frozen=True)
class Counted:
    """So many more things were looked at."""

    number: int


@dataclass(frozen=True)
class Listed:
    """Something that breaks nothing and that a person should know of, in one line."""

    line: str


Look = Callable[[Queries], Iterable[Counted | Finding | Listed]]


@dataclass(frozen=True)
class Feed:
    """Changed rows of a service's table, by the key to which they lead: what a check has to look at again."""

    service: str
    table: str
    key: str


class Memory(Protocol):
    """What a check remembers from one pass to the next, by itself."""

    services: tuple[str, ...]

    def load(self, memory: Json) -> None:
        """Go on from what dump() gave; from nothing: begin anew."""

    def dump(self) -> Json:
        """What is known after the last look, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """An invariant. `by_key`: its doors can be asked about some keys alone, as in a second look.

    `grace`: how old a finding of this check must be to count; none: as old as any other. `changes`: the feeds that
    together show every key whose documents may have changed; without any, and without a `memory`, each pass looks
    at everything, which suits a check that only reads what is under way.
    """

    name: str
    sentence: str
    look: Look
    by_key: bool = False
    grace: timedelta | None = None
    changes: tuple[Feed, ...] = ()
    memory: Memory | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """Those whose clocks say from where a later pass goes on."""
        return self.memory.services if self.memory else tuple(sorted({feed.service for feed in self.changes}))


def timestamp(text: str | None) -> datetime | None:
    """A moment as a door tells it."""
    return datetime.fromisoformat(text) if text else None
