"""The repair of an auditor's finding: users names the request that repairs it, and its service carries it out."""

from dataclasses import dataclass

from gateway.every_service import SERVICES
from gateway.route import Call, Json
from shared.contracts.auditing.requests import Resend, WakeSaga
from shared.contracts.orders.audit import RefundCancelled, ReleaseOrphan
from shared.contracts.payments.audit import RefundUnappliedReceipt, RepublishRefund
from shared.contracts.users.audit_results import AuditFinding, RepairFinding

WITH_SAGAS = ("orders", "users")
REPAIRS = (
    *(each.contract.method for each in (ReleaseOrphan, RefundCancelled, RefundUnappliedReceipt, RepublishRefund)),
    *(Resend.contract.at(service) for service in SERVICES),
    *(WakeSaga.contract.at(service) for service in WITH_SAGAS),
)


@dataclass(frozen=True, kw_only=True)
class RepairedFinding:
    """A finding whose repair was requested; `repaired` is false if its service found nothing left to repair.

    The auditor resolves the finding at its next audit.
    """

    finding: AuditFinding
    repaired: bool


async def repair(call: Call, request: Json) -> Json:
    """Log the request for a repair, then have it carried out; the owning service checks the finding again."""
    requested = await call(RepairFinding.contract.method, request)
    if requested["method"] not in REPAIRS:
        raise LookupError(f"{requested['method']} is no repair")
    done = await call(requested["method"], requested["request"])
    return {"finding": requested["finding"], "repaired": done["repaired"]}
