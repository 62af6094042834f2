"""What every service answers operators."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.contracts.texts import BilingualText


class DeadLetterState(StrEnum):
    """Where a dead letter is: open until somebody retries or archives it."""

    OPEN = "open"
    RETRIED = "retried"
    ARCHIVED = "archived"


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message that its consumer gave up, and why. `retried`: how often somebody retried it before."""

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
    """A dead letter with what it says: `body`, or `text` where it is no JSON object. Personal data is masked."""

    headers: dict[str, Any]
    body: dict[str, Any] | None
    text: str | None
    stack: str | None


@dataclass(frozen=True, kw_only=True)
class DeadLettersRetried:
    """How many are retried, and how many stay because nobody can read them; `next`: there are more."""

    retried: int
    unreadable: int
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A capability or provider: what is possible while it is on, and who turned it last, when and why.

    `changed_at`, `changed_by` and `reason` are null while nobody has turned it.
    """

    name: str
    allows: BilingualText
    is_on: bool
    changed_at: datetime | None
    changed_by: str | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """Who did what to what, why, and how it was before and after."""

    entry_id: UUID
    at: datetime
    actor: str
    action: str
    about: str
    note: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
