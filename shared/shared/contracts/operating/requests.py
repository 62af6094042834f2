"""What every service may be asked by operators. On the wire the service's own name stands before the method."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.operating.views import (
    DeadLetter,
    DeadLetterDetail,
    DeadLettersRetried,
    DeadLetterState,
    LogEntry,
    Switch,
)
from shared.contracts.pages import ListRequest, Page
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier, paragraphs, raw, text

LONGEST_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class ListDeadLetters(
    ListRequest, answer=Page[DeadLetter], permission=Permission.DEAD_LETTERS_MANAGE, audit=False
):
    """List dead letters, the newest first; of a state, a topic, an exception."""

    state: DeadLetterState | None = None
    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)


@dataclass(frozen=True, kw_only=True)
class GetDeadLetter(Request, answer=DeadLetterDetail, permission=Permission.DEAD_LETTERS_MANAGE, audit=False):
    """Show a dead letter with its cause and what it says."""

    dead_letter_id: UUID


@dataclass(frozen=True, kw_only=True)
class RetryDeadLetter(Request, answer=DeadLetterDetail, permission=Permission.DEAD_LETTERS_MANAGE):
    """Deliver a dead letter again."""

    dead_letter_id: UUID
    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class ArchiveDeadLetter(Request, answer=DeadLetterDetail, permission=Permission.DEAD_LETTERS_MANAGE):
    """Archive a dead letter for good, and say why."""

    dead_letter_id: UUID
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class RetryDeadLetters(Request, answer=DeadLettersRetried, permission=Permission.DEAD_LETTERS_MANAGE, keyed=True):
    """Deliver all open dead letters of a topic or exception again; `cursor` is the `next` of the answer before."""

    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)
    cursor: str | None = raw(80, default=None)
    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class ListOperatorLog(ListRequest, answer=Page[LogEntry], permission=Permission.OPERATOR_LOG_READ, audit=False):
    """List what operators did, the newest first; of what an entry is about, and of an action."""

    about: str | None = text(100, default=None)
    action: str | None = text(100, default=None)


@dataclass(frozen=True, kw_only=True)
class ListSwitches(Request, answer=Page[Switch], permission=Permission.SWITCHES_MANAGE, audit=False):
    """List what can be switched off and on, all on one page."""


@dataclass(frozen=True, kw_only=True)
class SetSwitch(Request, answer=Switch, permission=Permission.SWITCHES_MANAGE):
    """Switch a capability or provider off or on, and say why. What was begun goes on."""

    name: str = identifier(60)
    is_on: bool
    reason: str = paragraphs(LONGEST_NOTE)
