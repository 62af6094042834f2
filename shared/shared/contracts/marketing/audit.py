"""What the auditor asks marketing of its coupons."""

from dataclasses import dataclass

from shared.contracts.auditing.requests import AuditPageRequest
from shared.contracts.auditing.views import AuditPage
from shared.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class AuditCampaigns(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Campaigns that gave out more than they may, or count otherwise."""


@dataclass(frozen=True, kw_only=True)
class AuditCoupons(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Coupons that do not stand where their last move left them."""


@dataclass(frozen=True, kw_only=True)
class AuditBenefits(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ, audit=False):
    """Where the benefits of each checkout stand, and which it has."""
