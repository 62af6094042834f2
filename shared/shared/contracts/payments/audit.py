"""The audit queries and repairs of payments about money and the ledger."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.auditing.requests import AuditPageRequest, AuditTextPageRequest
from shared.contracts.auditing.views import AuditPage, Repaired
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import timestamp


@dataclass(frozen=True, kw_only=True)
class AuditParts(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The captured and not refunded amount of each order."""


@dataclass(frozen=True, kw_only=True)
class AuditPayments(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The state of each payment."""


@dataclass(frozen=True, kw_only=True)
class AuditSums(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Payments whose parts, captures, refunds and ledger entries do not match."""


@dataclass(frozen=True, kw_only=True)
class AuditLines(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The paid and refunded amounts of each order line, by the line and by its refunds."""


@dataclass(frozen=True, kw_only=True)
class AuditUnappliedReceipts(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Unapplied receipts that are not being refunded."""


@dataclass(frozen=True, kw_only=True)
class AuditRefunds(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The state of each refund of an order."""


@dataclass(frozen=True, kw_only=True)
class AuditInTransit(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Unfinished refunds that were requested before a time, or that have no active attempt."""

    requested_before: datetime = timestamp()


@dataclass(frozen=True, kw_only=True)
class AuditPostings(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Postings that do not balance."""


@dataclass(frozen=True, kw_only=True)
class AuditAccounts(AuditTextPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Stored balances by account, as of a posting; ids of postings are ordered by time."""

    until: UUID


@dataclass(frozen=True, kw_only=True)
class AuditEntries(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Sums of the entries up to a posting, by account."""

    until: UUID


@dataclass(frozen=True, kw_only=True)
class RefundUnappliedReceipt(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Refund an unapplied receipt, once; logged in the operator log."""

    capture_id: UUID


@dataclass(frozen=True, kw_only=True)
class RepublishRefund(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Publish PaymentRefunded again, if the refund has arrived; logged in the operator log."""

    refund_id: UUID
