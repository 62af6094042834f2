"""Repairs: commands to the owners, given one by one; an owner who finds nothing to mend any more says so."""

from collections.abc import Iterable, Iterator

from auditor.checks import Finding, Queries
from shared.errors import Refusal


def carry_out(findings: Iterable[Finding], queries: Queries) -> Iterator[str]:
    """Do what is safe to do; says for each what became of it. Raises CouldNotLook."""
    for finding in findings:
        if finding.repair:
            yield f"  {finding.about}: {finding.repair.words}: {_outcome(finding, queries)}"


def _outcome(finding: Finding, queries: Queries) -> str:
    assert finding.repair
    try:
        answer = queries.call(finding.repair.method, finding.repair.request)
    except Refusal as refusal:
        return f"refused, {refusal.detail} ({refusal.code})"
    return "done" if answer["repaired"] else "nothing to mend any more"
