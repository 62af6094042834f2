"""What the auditor asks orders, and has it mend."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.auditing.requests import AuditPageRequest
from shared.contracts.auditing.views import AuditPage, Repaired
from shared.permissions import Permission
from shared.requests import Request


class Held(StrEnum):
    """What a checkout may hold that is over."""

    STOCK = "stock"
    BENEFITS = "benefits"


@dataclass(frozen=True, kw_only=True)
class AuditCheckouts(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Where each checkout and its saga stand, and the pieces it bought and gave back."""


@dataclass(frozen=True, kw_only=True)
class AuditPaid(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Where each checkout and its saga stand by payment, with what it costs."""


@dataclass(frozen=True, kw_only=True)
class AuditOrders(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """What each order costs, and what of it was refunded or is about to be."""


@dataclass(frozen=True, kw_only=True)
class AuditRefunds(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Where each refund stands."""


@dataclass(frozen=True, kw_only=True)
class AuditSums(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Orders that do not add up in themselves."""


@dataclass(frozen=True, kw_only=True)
class AuditLines(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Of each order's lines what was paid, what its refunds pay, and what the line says has gone back."""


@dataclass(frozen=True, kw_only=True)
class ReleaseOrphan(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Let go what a checkout holds that came to nothing; in the operator log."""

    checkout_id: UUID
    what: Held


@dataclass(frozen=True, kw_only=True)
class RefundCancelled(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Send back what is kept of a checkout that came to nothing; in the operator log."""

    checkout_id: UUID
