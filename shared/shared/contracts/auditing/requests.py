"""Audit queries and repairs that several services answer. On the wire the service's name precedes the method's.

Those of a single service are in its own contract, `shared.contracts.<owner>.audit`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.contracts.auditing.views import AuditPage, ChangesPage, Documents, OutboxPage, Repaired, SentPage
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import raw, text, timestamp, whole

MOST = 1000  # rows of a page


@dataclass(frozen=True, kw_only=True)
class AuditPageRequest(Request):
    """A page of rows after the key `after`, or the rows with these `ids`."""

    after: UUID | None = None
    limit: int = whole(1, MOST, default=500)
    ids: tuple[UUID, ...] | None = raw(MOST, 0, default=None)


@dataclass(frozen=True, kw_only=True)
class AuditTextPageRequest(Request):
    """The same for rows whose key is a text."""

    after: str | None = raw(200, default=None)
    limit: int = whole(1, MOST, default=500)
    ids: tuple[str, ...] | None = raw(MOST, 0, default=None)


@dataclass(frozen=True, kw_only=True)
class AuditOutboxRequest(Request):
    """A page of outbox rows after the position `after`, or those of the messages with these `ids`."""

    after: int | None = None
    limit: int = whole(1, MOST, default=500)
    ids: tuple[UUID, ...] | None = raw(MOST, 0, default=None)


@dataclass(frozen=True, kw_only=True)
class AuditChanges(Request, answer=ChangesPage, permission=Permission.AUDIT_READ):
    """Rows of a table that changed after `since`, after the row `after`; without a table only the clock."""

    table: str | None = text(60, default=None)
    since: datetime | None = timestamp(default=None)
    after: str | None = text(40, default=None)
    limit: int = whole(1, MOST, default=500)


@dataclass(frozen=True, kw_only=True)
class AuditProven(Request, permission=Permission.AUDIT_READ):
    """Store for each check up to when it is proven: all rows last modified before this time passed it."""

    upto: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AuditSent(AuditOutboxRequest, answer=SentPage, permission=Permission.AUDIT_READ):
    """Outbox rows by position."""


@dataclass(frozen=True, kw_only=True)
class AuditUnsent(AuditOutboxRequest, answer=OutboxPage, permission=Permission.AUDIT_READ):
    """Outbox rows that are due and unsent, or cannot be sent."""


@dataclass(frozen=True, kw_only=True)
class AuditSubscriptions(Request, answer=Documents, permission=Permission.AUDIT_READ):
    """All consumers, with their topics and since when they are subscribed."""


@dataclass(frozen=True, kw_only=True)
class AuditHandled(Request, answer=Documents, permission=Permission.AUDIT_READ):
    """Which of these messages a consumer has not handled: ids by topic, of commands and events, and of replies."""

    messages: dict[str, list[UUID]] = field(default_factory=dict)
    replies: dict[str, list[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AuditDeadLetters(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Open dead letters."""


@dataclass(frozen=True, kw_only=True)
class AuditErasures(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Erased persons of whom personal data remains."""


@dataclass(frozen=True, kw_only=True)
class AuditSagas(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Sagas that have not ended."""


@dataclass(frozen=True, kw_only=True)
class Resend(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Send a message again to one service that has not handled it; logged in the operator log."""

    message_id: UUID
    to: str = text(40)


@dataclass(frozen=True, kw_only=True)
class WakeSaga(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Fire the overdue timer of a saga; logged in the operator log."""

    saga_id: UUID
