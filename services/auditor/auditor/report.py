"""The report: a table for people, JSON for machines, an exit status for scripts."""

import json

from auditor.audit import Outcome, Report
from auditor.checks import Finding, Json

CLEAN, FINDINGS, AUDIT_INCOMPLETE = 0, 1, 2
SHOWN = 20  # findings of one check in the table


def status(report: Report) -> int:
    """0 when every invariant holds, 1 when one is violated, 2 when for one it is unknown."""
    if report.findings:
        return FINDINGS
    return AUDIT_INCOMPLETE if report.blind else CLEAN


def as_text(report: Report) -> str:
    """A line for each invariant, then the findings."""
    lines = [f"{'invariant':<24}{'checked':>10}{'broken':>8}"]
    lines += [_row(outcome) for outcome in report.outcomes]
    for outcome in report.outcomes:
        lines += _findings(outcome)
    lines += _listed([line for outcome in report.outcomes for line in outcome.listed])
    total = len(report.findings)
    verdict = f"{total} found" if total else "clean" if report.clean else "incomplete"
    return "\n".join([*lines, f"{verdict} in {report.seconds:.1f} s"])


def as_json(report: Report) -> str:
    """The report as JSON, with all findings."""
    document = {
        "clean": report.clean,
        "began_at": report.began_at.isoformat(),
        "seconds": round(report.seconds, 3),
        "checks": [_document(outcome) for outcome in report.outcomes],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _row(outcome: Outcome) -> str:
    if outcome.blind:
        return f"{outcome.check.name:<24}{'?':>10}{'?':>8}  could not run: {outcome.blind}"
    waiting = f"  {outcome.waiting} too recent to count" if outcome.waiting else ""
    return f"{outcome.check.name:<24}{outcome.checked:>10}{len(outcome.findings):>8}{waiting}"


def _findings(outcome: Outcome) -> list[str]:
    if not outcome.findings:
        return []
    lines = ["", f"{outcome.check.name}: {outcome.check.sentence}"]
    for finding in outcome.findings[:SHOWN]:
        lines += [f"  {finding.about}: {finding.detail}", f"    {_remedy(finding)}"]
    left = len(outcome.findings) - SHOWN
    return [*lines, f"  and {left} more"] if left > 0 else lines


def _listed(lines: list[str]) -> list[str]:
    return ["", "for operators, no violation:", *(f"  {line}" for line in lines[:SHOWN])] if lines else []


def _remedy(finding: Finding) -> str:
    return f"--repair: {finding.repair.description}" if finding.repair else f"by hand: {finding.advice}"


def _document(outcome: Outcome) -> Json:
    return {
        "name": outcome.check.name,
        "sentence": outcome.check.sentence,
        "checked": outcome.checked,
        "seconds": round(outcome.seconds, 3),
        "waiting": outcome.waiting,
        "blind": outcome.blind,
        "listed": outcome.listed,
        "findings": [_finding(finding) for finding in outcome.findings],
    }


def _finding(finding: Finding) -> Json:
    return {
        "about": finding.about,
        "detail": finding.detail,
        "facts": finding.facts,
        "since": finding.since and finding.since.isoformat(),
        "repair": finding.repair and finding.repair.description,
        "advice": finding.advice,
    }
