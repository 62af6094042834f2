"""What operators ask of any service."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.shapes import identifier, paragraphs, raw, text, whole

LONGEST_NOTE = 500


class LetterState(StrEnum):
    """How a dead letter stands: open until somebody has it tried again, or puts it away."""

    OPEN = "open"
    RETRIED = "retried"
    ARCHIVED = "archived"


@dataclass(frozen=True, kw_only=True)
class DeadLetters:
    """A page of dead letters, the newest first; of a state, a topic, an exception."""

    state: LetterState | None = None
    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)
    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class OfLetter:
    """One dead letter."""

    letter_id: UUID


@dataclass(frozen=True, kw_only=True)
class RetryLetter:
    """Have one tried again."""

    letter_id: UUID
    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class ArchiveLetter:
    """Put one away for good, and say why."""

    letter_id: UUID
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class RetryLetters:
    """Have all open ones of a topic or exception tried again; `cursor` is the `next` of the answer before."""

    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)
    cursor: str | None = raw(80, default=None)
    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")
    idempotency_key: str = raw(255)


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """A page of the operator log, the newest first; of what an entry is about, and of an action."""

    about: str | None = text(100, default=None)
    action: str | None = text(100, default=None)
    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)
