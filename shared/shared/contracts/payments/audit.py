"""What the auditor asks payments of money and books, and has it mend."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.auditing.requests import AuditPageRequest, AuditTextPageRequest
from shared.contracts.auditing.views import AuditPage, Repaired
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import timestamp


@dataclass(frozen=True, kw_only=True)
class AuditParts(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """What is kept of each order's money."""


@dataclass(frozen=True, kw_only=True)
class AuditPayments(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Where each payment stands."""


@dataclass(frozen=True, kw_only=True)
class AuditSums(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Payments whose parts, captures, refunds and books do not say the same."""


@dataclass(frozen=True, kw_only=True)
class AuditLines(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Of each order's lines what was paid and what goes back, as the line and as its refunds say."""


@dataclass(frozen=True, kw_only=True)
class AuditUnappliedReceipts(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Money that is not kept, and not on its way back."""


@dataclass(frozen=True, kw_only=True)
class AuditRefunds(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Where each refund of an order stands."""


@dataclass(frozen=True, kw_only=True)
class AuditInTransit(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Refunds under way that were asked for before a moment, or that nobody carries."""

    requested_before: datetime = timestamp()


@dataclass(frozen=True, kw_only=True)
class AuditPostings(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Postings that do not balance."""


@dataclass(frozen=True, kw_only=True)
class AuditAccounts(AuditTextPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Stored balances by account, as of a posting; ids of postings are ordered by time."""

    until: UUID


@dataclass(frozen=True, kw_only=True)
class AuditEntries(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Sums of the entries up to a posting, by account."""

    until: UUID


@dataclass(frozen=True, kw_only=True)
class RefundUnappliedReceipt(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Send money back that is not kept, once; in the operator log."""

    capture_id: UUID


@dataclass(frozen=True, kw_only=True)
class RepublishRefund(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Publish again that the money of a refund has arrived, if it has; in the operator log."""

    refund_id: UUID
