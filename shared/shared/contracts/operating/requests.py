"""The operator requests that every service answers. On the wire the service's name precedes the method's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.operating.views import (
    DeadLetter,
    DeadLetterDetail,
    DeadLetterGroup,
    DeadLettersArchived,
    DeadLettersRetried,
    DeadLetterState,
    LogEntry,
    Switch,
)
from shared.contracts.pages import ListRequest, Page
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier, paragraphs, raw, text, timestamp

LONGEST_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class ListDeadLetters(
    ListRequest, answer=Page[DeadLetter], permission=Permission.DEAD_LETTERS_MANAGE, audit=False
):
    """List dead letters, newest first; by state, topic and exception."""

    state: DeadLetterState | None = None
    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)


@dataclass(frozen=True, kw_only=True)
class GetDeadLetter(Request, answer=DeadLetterDetail, permission=Permission.DEAD_LETTERS_MANAGE, audit=False):
    """Show a dead letter with its cause and body."""

    dead_letter_id: UUID


@dataclass(frozen=True, kw_only=True)
class RetryDeadLetter(Request, answer=DeadLetterDetail, permission=Permission.DEAD_LETTERS_MANAGE):
    """Deliver a dead letter again."""

    dead_letter_id: UUID
    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class ArchiveDeadLetter(Request, answer=DeadLetterDetail, permission=Permission.DEAD_LETTERS_MANAGE):
    """Archive a dead letter, with a reason."""

    dead_letter_id: UUID
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class RetryDeadLetters(Request, answer=DeadLettersRetried, permission=Permission.DEAD_LETTERS_MANAGE, keyed=True):
    """Retry all open dead letters of a topic or exception; `cursor` is the `next` of the previous answer."""

    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)
    cursor: str | None = raw(80, default=None)
    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class ListDeadLetterGroups(
    Request, answer=Page[DeadLetterGroup], permission=Permission.DEAD_LETTERS_MANAGE, audit=False
):
    """List groups of dead letters by topic and exception, the largest first, on one page; open ones by default."""

    state: DeadLetterState = DeadLetterState.OPEN


@dataclass(frozen=True, kw_only=True)
class RetryEditedDeadLetter(Request, answer=DeadLetterDetail, permission=Permission.DEAD_LETTERS_MANAGE):
    """Retry a dead letter with an edited body (a JSON text), with a reason.

    It must fit the message's schema and be about the same object. Values that were masked stay as they were.
    """

    dead_letter_id: UUID
    body: str = raw(200_000)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class ArchiveDeadLetters(
    Request, answer=DeadLettersArchived, permission=Permission.DEAD_LETTERS_MANAGE, keyed=True
):
    """Archive the open dead letters of a topic and exception, with a reason; `cursor` as for the retry of all."""

    topic: str = identifier(255)
    exception: str | None = text(200, default=None)
    cursor: str | None = raw(80, default=None)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class ListOperatorLog(ListRequest, answer=Page[LogEntry], permission=Permission.OPERATOR_LOG_READ, audit=False):
    """List operator actions, newest first; by the object (`about`), action, actor and time (`since`, `until`)."""

    about: str | None = text(100, default=None)
    action: str | None = text(100, default=None)
    actor: str | None = text(100, default=None)
    since: datetime | None = timestamp(default=None)
    until: datetime | None = timestamp(default=None)


@dataclass(frozen=True, kw_only=True)
class ListSwitches(Request, answer=Page[Switch], permission=Permission.SWITCHES_MANAGE, audit=False):
    """List all switches, on one page."""


@dataclass(frozen=True, kw_only=True)
class SetSwitch(Request, answer=Switch, permission=Permission.SWITCHES_MANAGE):
    """Switch a capability or provider off or on, with a reason. Work in progress continues."""

    name: str = identifier(60)
    is_on: bool
    reason: str = paragraphs(LONGEST_NOTE)
