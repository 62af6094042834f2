"""The answers of every service to operators."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.contracts.texts import BilingualText


class DeadLetterState(StrEnum):
    """The state of a dead letter: open until an operator retries or archives it."""

    OPEN = "open"
    RETRIED = "retried"
    ARCHIVED = "archived"


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message that its consumer gave up, and why. `retried`: how often it was retried by an operator before."""

    dead_letter_id: UUID
    message_id: UUID | None
    topic: str
    queue: str
    handler: str | None
    exception: str | None
    message: str | None
    attempts: int | None
    retried: int
    first_failed_at: datetime | None
    last_failed_at: datetime | None
    host: str | None
    arrived_at: datetime
    state: DeadLetterState
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, kw_only=True)
class DeadLetterDetail(DeadLetter):
    """A dead letter with its `body`, or its `text` if that is not a JSON object. Personal data is masked."""

    headers: dict[str, Any]
    body: dict[str, Any] | None
    text: str | None
    stack: str | None


@dataclass(frozen=True, kw_only=True)
class DeadLettersRetried:
    """The number of retried ones, and of unreadable ones, which stay open; `next` is null if there are no more."""

    retried: int
    unreadable: int
    next: str | None


@dataclass(frozen=True, kw_only=True)
class DeadLetterGroup:
    """The dead letters of a topic that failed by the same exception: their number, the oldest and the newest.

    `too_old` of them can only be archived. `queue` and `message` are of one of them.
    """

    state: DeadLetterState
    topic: str
    exception: str | None
    number: int
    too_old: int
    oldest_at: datetime
    newest_at: datetime
    queue: str
    message: str | None


@dataclass(frozen=True, kw_only=True)
class DeadLettersArchived:
    """The number of archived ones; `next` is null if there are no more."""

    archived: int
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A capability or provider: what it enables, and who changed it last, when and why.

    `changed_at`, `changed_by` and `reason` are null if it was never changed.
    """

    name: str
    allows: BilingualText
    is_on: bool
    changed_at: datetime | None
    changed_by: str | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """An operator action: actor, action, object, reason, and the states before and after."""

    entry_id: UUID
    at: datetime
    actor: str
    action: str
    about: str
    note: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
