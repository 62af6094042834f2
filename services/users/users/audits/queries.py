"""Queries of operators for the auditor's results."""

from shared.contracts.pages import Page, page
from shared.contracts.users.audit_results import Audit, AuditFinding, FindingState, ListAuditFindings
from users.audits import views
from users.audits.model import last_quarters
from users.work import Work


def last_audit(work: Work) -> Audit:
    """The last audit with the result of each invariant, and the history of a day."""
    quarters = work.audits.quarters(last_quarters(work.now)[0])
    return views.audit(work.audits.report(), work.audits.invariants(), quarters, work.now)


def findings(work: Work, request: ListAuditFindings) -> Page[AuditFinding]:
    """A page of findings, the newest first."""
    rows = work.audits.findings(
        resolved=None if request.state is None else request.state is FindingState.RESOLVED,
        invariant=request.invariant,
        before=request.cursor,
        most=request.limit + 1,
    )
    return page(rows, views.finding, lambda row: row["finding_id"], request.limit)
