"""The report: a table for people, JSON for machines, an exit status for scripts."""

import json

from auditor.audit import Outcome, Report
from auditor.checks import Finding, Json

CLEAN, FINDINGS, AUDIT_INCOMPLETE = 0, 1, 2
SHOWN = 20  # findings of one check that people are shown


def status(report: Report) -> int:
    """0 when every invariant holds, 1 when one does not, 2 when of one it is not known."""
    if report.findings:
        return FINDINGS
    return AUDIT_INCOMPLETE if report.blind else CLEAN


def as_text(report: Report) -> str:
    """A line for each invariant, then what breaks them."""
    lines = [f"{'invariant':<24}{'checked':>10}{'broken':>8}"]
    lines += [_row(outcome) for outcome in report.outcomes]
    for outcome in report.outcomes:
        lines += _findings(outcome)
    lines += _listed([line for outcome in report.outcomes for line in outcome.listed])
    total = len(report.findings)
    verdict = f"{total} found" if total else "clean" if report.clean else "could not look at everything"
    return "\n".join([*lines, f"{verdict} in {report.seconds:.1f} s"])


def as_json(report: Report) -> str:
    """The same for machines, with all findings."""
    document = {
        "clean": report.clean,
        "began_at": report.began_at.isoformat(),
        "seconds": round(report.seconds, 3),
        "checks": [_document(outcome) for outcome in report.outcomes],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _row(outcome: Outcome) -> str:
    if outcome.blind:
        return f"{outcome.check.name:<24}{'?':>10}{'?':>8}  could not look: {outcome.blind}"
    waiting = f"  {outcome.waiting} too young to count" if outcome.waiting else ""
    return f"{outcome.check.name:<24}{outcome.checked:>10}{len(outcome.findings):>8}{waiting}"


def _findings(outcome: Outcome) -> list[str]:
    if not outcome.findings:
        return []
    lines = ["", f"{outcome.check.name}: {outcome.check.sentence}"]
    for finding in outcome.findings[:SHOWN]:
        lines += [f"  {finding.about}: {finding.detail}", f"    {_way_out(finding)}"]
    left = len(outcome.findings) - SHOWN
    return [*lines, f"  and {left} more"] if left > 0 else lines


def _listed(lines: list[str]) -> list[str]:
    return (
        ["", "breaks nothing, but a person should know:", *(f"  {line}" for line in lines[:SHOWN])]
        if lines
        else []
    )


def _way_out(finding: Finding) -> str:
    return f"--repair: {finding.repair.words}" if finding.repair else f"a person: {finding.advice}"


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
        "repair": finding.repair and finding.repair.words,
        "advice": finding.advice,
    }
