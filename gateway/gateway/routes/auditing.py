"""The auditor's results for operators, and the repair of its findings."""

from gateway import repairs
from gateway.route import get, post, tagged
from shared.contracts.users import audit_results as a

FINDINGS = "/operator/audit/findings"

ROUTES = tagged(
    "Audit",
    get("/operator/audit", a.GetAudit, "Show the last audit"),
    get(FINDINGS, a.ListAuditFindings, "List the findings of the auditor"),
    post(
        f"{FINDINGS}/{{finding_id:uuid}}/repair",
        a.RepairFinding,
        "Repair a finding",
        answers=repairs.RepairedFinding,
        compose=repairs.repair,
        joins=repairs.REPAIRS,
    ),
)
