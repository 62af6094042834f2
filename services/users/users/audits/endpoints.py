"""RPC methods of the auditor's results: the auditor stores them, operators read them and request repairs."""

from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.users import audit_results as v
from shared.contracts.users.audit import StoreAuditReport
from shared.entrypoints import answers
from users.audits import queries, use_cases, views
from users.work import Work


class Audits:
    """The last audit, its findings, and requests for repairs."""

    @answers(StoreAuditReport)
    def store_audit_report(self, work: Work, _caller: Caller, request: StoreAuditReport) -> None:
        use_cases.store(work, request)

    @answers(v.GetAudit)
    def get_audit(self, work: Work, _caller: Caller, _request: v.GetAudit) -> v.Audit:
        return queries.last_audit(work)

    @answers(v.ListAuditFindings)
    def list_audit_findings(
        self, work: Work, _caller: Caller, request: v.ListAuditFindings
    ) -> Page[v.AuditFinding]:
        return queries.findings(work, request)

    @answers(v.RepairFinding)
    def repair_finding(self, work: Work, caller: Caller, request: v.RepairFinding) -> v.RequestedRepair:
        return views.requested_repair(use_cases.request_repair(work, request.finding_id, str(caller.account)))
