"""The audit queries and repairs of orders."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.auditing.requests import AuditPageRequest
from shared.contracts.auditing.views import AuditPage, Repaired
from shared.permissions import Permission
from shared.requests import Request


class Held(StrEnum):
    """What a finished checkout may still hold."""

    STOCK = "stock"
    BENEFITS = "benefits"


@dataclass(frozen=True, kw_only=True)
class AuditCheckouts(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The state of each checkout and its saga, and the units that were bought and restocked."""


@dataclass(frozen=True, kw_only=True)
class AuditPaid(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The state of each checkout and its saga by payment, with the amount."""


@dataclass(frozen=True, kw_only=True)
class AuditOrders(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The amount of each order, and what was refunded of it or is about to be."""


@dataclass(frozen=True, kw_only=True)
class AuditRefunds(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The state of each refund."""


@dataclass(frozen=True, kw_only=True)
class AuditSums(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Orders whose amounts do not add up."""


@dataclass(frozen=True, kw_only=True)
class AuditLines(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The paid amount of each order line, the amounts of its refunds, and its own refunded amount."""


@dataclass(frozen=True, kw_only=True)
class ReleaseOrphan(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Release what a failed checkout still holds; logged in the operator log."""

    checkout_id: UUID
    what: Held


@dataclass(frozen=True, kw_only=True)
class RefundCancelled(Request, answer=Repaired, permission=Permission.AUDIT_REPAIR):
    """Refund what was paid for a failed checkout; logged in the operator log."""

    checkout_id: UUID
