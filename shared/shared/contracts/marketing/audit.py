"""The audit queries of marketing about its coupons."""

from dataclasses import dataclass

from shared.contracts.auditing.requests import AuditPageRequest
from shared.contracts.auditing.views import AuditPage
from shared.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class AuditCampaigns(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Campaigns that issued more coupons than allowed, or whose counter is wrong."""


@dataclass(frozen=True, kw_only=True)
class AuditCoupons(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """Coupons whose state differs from that of their last transition."""


@dataclass(frozen=True, kw_only=True)
class AuditBenefits(AuditPageRequest, answer=AuditPage, permission=Permission.AUDIT_READ):
    """The benefits of each checkout and their state."""
