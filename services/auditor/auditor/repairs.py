"""Repairs: requests to the owning services, one by one; a service with nothing left to repair does nothing."""

from collections.abc import Iterable, Iterator

from auditor.checks import Finding, Queries
from shared.errors import Refusal


def carry_out(findings: Iterable[Finding], queries: Queries) -> Iterator[str]:
    """Carry out the safe repairs; yields one line with the outcome of each. Raises AuditIncomplete."""
    for finding in findings:
        if finding.repair:
            yield f"  {finding.about}: {finding.repair.description}: {_outcome(finding, queries)}"


def _outcome(finding: Finding, queries: Queries) -> str:
    assert finding.repair
    try:
        answer = queries.call(finding.repair.method, finding.repair.request)
    except Refusal as refusal:
        return f"refused, {refusal.detail} ({refusal.code})"
    return "done" if answer["repaired"] else "nothing left to repair"
