"""An audit: every check looks, and what it finds counts when a second look finds it too.

The services have no common snapshot (rule 41). What one has told and another has not heard yet looks wrong for a
moment, so a finding must also be older than the longest deadline that it may be waiting for. In a settled system,
where nothing is on its way, that is not asked.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from auditor.checks import Check, Counted, Doors, Finding, Listed
from auditor.doors import Narrowed

GRACE = timedelta(minutes=30)  # an unanswered command is said again within 15 minutes, a failed one within 12


@dataclass
class Outcome:
    """What a check counted and found; `waiting` was seen twice, but is too young to count."""

    check: Check
    checked: int = 0
    findings: list[Finding] = field(default_factory=list)
    waiting: int = 0
    listed: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Report:
    """The outcomes of all checks."""

    outcomes: list[Outcome]
    began_at: datetime
    seconds: float = 0.0

    @property
    def findings(self) -> list[Finding]:
        return [finding for outcome in self.outcomes for finding in outcome.findings]

    @property
    def clean(self) -> bool:
        return not self.findings


def audit(
    checks: Sequence[Check],
    doors: Doors,
    *,
    grace: timedelta | None = GRACE,
    pause: Callable[[], None] = lambda: time.sleep(1),
) -> Report:
    """Look twice. `grace` None: the system is settled, and nothing is too young. Raises CouldNotLook."""
    began, report = time.monotonic(), Report([], datetime.now(UTC))
    first = [_look(check, doors) for check in checks]
    if any(outcome.findings for outcome in first):
        pause()
    report.outcomes = [_confirmed(outcome, doors, grace) for outcome in first]
    report.seconds = time.monotonic() - began
    return report


def _look(check: Check, doors: Doors) -> Outcome:
    began, outcome = time.monotonic(), Outcome(check)
    for one in check.look(doors):
        if isinstance(one, Counted):
            outcome.checked += one.number
        elif isinstance(one, Listed):
            outcome.listed.append(one.line)
        else:
            outcome.findings.append(one)
    outcome.seconds = time.monotonic() - began
    return outcome


def _confirmed(first: Outcome, doors: Doors, grace: timedelta | None) -> Outcome:
    """The outcome with what a second look finds as well, and is old enough."""
    if not first.findings:
        return first
    check, before = first.check, {finding.about: finding for finding in first.findings}
    second = _look(check, Narrowed(doors, {f.key for f in first.findings}) if check.by_key else doors)
    again = [finding for finding in second.findings if finding.about in before]
    old = [finding for finding in again if _counts(finding, grace and (check.grace or grace))]
    took = first.seconds + second.seconds
    return Outcome(check, first.checked, old, len(again) - len(old), first.listed, took)


def _counts(finding: Finding, grace: timedelta | None) -> bool:
    return grace is None or finding.since is None or datetime.now(UTC) - finding.since > grace
