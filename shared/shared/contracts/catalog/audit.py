"""The audit queries of catalog about its stock."""

from dataclasses import dataclass

from shared.contracts.auditing.requests import AuditPageRequest
from shared.contracts.auditing.views import AuditPage
from shared.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class AuditLevels(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """SKUs whose stock level does not match the sums of its journal and its reservations."""


@dataclass(frozen=True, kw_only=True)
class AuditReservations(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Claims that do not match their reservations, or of which too many units were restocked."""


@dataclass(frozen=True, kw_only=True)
class AuditClaims(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The state of each checkout's claim, and the units that it took out of the stock."""
