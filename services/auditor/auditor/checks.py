"""Checks: an invariant as a sentence, and a function that finds its violations with audit queries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

Json = dict[str, Any]


class Queries(Protocol):
    """The client of the audit queries."""

    def call(self, method: str, request: Json) -> Any:
        """The reply of `service.method`. Raises AuditIncomplete without a reply, Refusal when it is refused."""

    def pages(self, method: str, **request: Any) -> Iterator[Json]:
        """Every page of an audit query, in the order of the key: `{"items": […], "checked": n}`."""


class AuditIncomplete(Exception):
    """A service did not reply: whether the invariant holds is unknown."""


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A command to the owning service, which checks again under its lock before it repairs."""

    method: str
    request: Json
    description: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A violation of an invariant.

    `about` identifies it across audits ("sku <id>"); its last word is the key by which queries are limited.
    `since` is when the compared data last changed: a recent difference may be a message in transit. None: the data
    were read in one statement of one database, where no message can be in transit.
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
    """So many more documents were checked."""

    number: int


@dataclass(frozen=True)
class Listed:
    """One line for operators about something that violates no invariant."""

    line: str


Run = Callable[[Queries], Iterable[Counted | Finding | Listed]]


@dataclass(frozen=True)
class Feed:
    """The changed rows of a service's table, and which of their keys a check has to check again."""

    service: str
    table: str
    key: str


class Memory(Protocol):
    """State that a check keeps from one audit to the next."""

    services: tuple[str, ...]

    def load(self, memory: Json) -> None:
        """Continue from what dump() returned; an empty dict: start from the beginning."""

    def dump(self) -> Json:
        """The state after the last run, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """An invariant. `by_key`: its audit queries can be limited to some keys, as in a second run.

    `grace`: how old a finding must be to count; None: the audit's default. `changes`: the feeds that together show
    every key whose documents may have changed. Without `changes` and `memory` each audit checks everything, which
    suits a check that only reads what is in progress.
    """

    name: str
    sentence: str
    run: Run
    by_key: bool = False
    grace: timedelta | None = None
    changes: tuple[Feed, ...] = ()
    memory: Memory | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """The services whose clocks decide from when a later audit continues."""
        return self.memory.services if self.memory else tuple(sorted({feed.service for feed in self.changes}))


def timestamp(text: str | None) -> datetime | None:
    """The time that an audit query returned as text."""
    return datetime.fromisoformat(text) if text else None
