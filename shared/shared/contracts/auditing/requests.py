"""What services may be asked by the auditor. On the wire the service's own name stands before the method.

What only one service is asked is in its own contract, `shared.contracts.<owner>.audit`.
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
    """The page behind the key `after`, or what the `ids` name."""

    after: UUID | None = None
    limit: int = whole(1, MOST, default=500)
    ids: tuple[UUID, ...] | None = raw(MOST, 0, default=None)


@dataclass(frozen=True, kw_only=True)
class AuditTextPageRequest(Request):
    """The same of rows whose key is a text."""

    after: str | None = raw(200, default=None)
    limit: int = whole(1, MOST, default=500)
    ids: tuple[str, ...] | None = raw(MOST, 0, default=None)


@dataclass(frozen=True, kw_only=True)
class AuditOutboxRequest(Request):
    """The outbox rows behind the position `after`, or those of the messages that the `ids` name."""

    after: int | None = None
    limit: int = whole(1, MOST, default=500)
    ids: tuple[UUID, ...] | None = raw(MOST, 0, default=None)


@dataclass(frozen=True, kw_only=True)
class AuditChanges(Request, answer=ChangesPage, permission=Permission.AUDIT_READ, audit=False):
    """Rows of a table that changed after a moment, behind the row `after`; without a table only the clock."""

    table: str | None = text(60, default=None)
    since: datetime | None = timestamp(default=None)
    after: str | None = text(40, default=None)
    limit: int = whole(1, MOST, default=500)


@dataclass(frozen=True, kw_only=True)
class AuditProven(Request, permission=Permission.AUDIT_READ, audit=False):
    """Note by check up to when it is proven: what was last changed before this moment was looked at, and holds."""

    upto: dict[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AuditSent(AuditOutboxRequest, answer=SentPage, permission=Permission.AUDIT_READ, audit=False):
    """Outbox rows by position."""


@dataclass(frozen=True, kw_only=True)
class AuditUnsent(AuditOutboxRequest, answer=OutboxPage, permission=Permission.AUDIT_READ, audit=False):
    """Outbox rows that should have left, and those that never will."""


@dataclass(frozen=True, kw_only=True)
class AuditSubscriptions(Request, answer=Documents, permission=Permission.AUDIT_READ, audit=False):
    """All consumers, with their topics and since when they listen."""


@dataclass(frozen=True, kw_only=True)
class AuditHandled(Request, answer=Documents, permission=Permission.AUDIT_READ, audit=False):
    """Which messages a consumer has not handled; the ids of commands and facts by topic, and those of replies."""

    messages: dict[str, list[UUID]] = field(default_factory=dict)
    replies: dict[str, list[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AuditDeadLetters(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Dead letters that nobody has seen to."""


@dataclass(frozen=True, kw_only=True)
class AuditErasures(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Those erased of whom something is left."""


@dataclass(frozen=True, kw_only=True)
class AuditSagas(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Sagas that have not ended."""


@dataclass(frozen=True, kw_only=True)
class Resend(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Send a message once more, to the one service that lacks it; in the operator log."""

    message_id: UUID
    to: str = text(40)


@dataclass(frozen=True, kw_only=True)
class WakeSaga(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Ring a saga whose wait is over as its timer should have; in the operator log."""

    saga_id: UUID
