"""What the auditor asks catalog of its stock."""

from dataclasses import dataclass

from shared.contracts.auditing.requests import AuditPageRequest
from shared.contracts.auditing.views import AuditPage
from shared.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class AuditLevels(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """SKUs whose stock is not the sum of its journal and its reservations."""


@dataclass(frozen=True, kw_only=True)
class AuditReservations(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Claims whose reservations stand elsewhere, or of which too much came back."""


@dataclass(frozen=True, kw_only=True)
class AuditClaims(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Where the claim of each checkout stands, and what it took out of the stock."""
