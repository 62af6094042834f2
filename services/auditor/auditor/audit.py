"""An audit: every check runs, and a finding counts when a second run confirms it.

The services have no common snapshot (rule 41). A message that one service has sent and another has not handled yet
looks like an error, so a finding must also be older than the longest time that it may take to resolve itself. In a
settled system, where no message is in transit, its age does not matter.

A check whose queries fail is blind: whether its invariant holds is unknown. The other checks still run.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from auditor.checks import AuditIncomplete, Check, Counted, Finding, Listed, Queries
from auditor.progress import Progress
from auditor.queries import Narrowed
from shared.errors import Refusal

GRACE = timedelta(minutes=30)  # unanswered commands are resent within 15 minutes, messages retried within 12


@dataclass
class Outcome:
    """What a check counted and found; `waiting` findings were confirmed, but are too recent to count.

    `blind`: why it could not run. `unproven`: the keys to check again even if nothing changes. `incremental`: it
    continued from what was proven before.
    """

    check: Check
    checked: int = 0
    findings: list[Finding] = field(default_factory=list)
    waiting: int = 0
    listed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    blind: str = ""
    unproven: frozenset[str] = frozenset()
    incremental: bool = False


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
    def blind(self) -> list[Outcome]:
        """The checks that could not run."""
        return [outcome for outcome in self.outcomes if outcome.blind]

    @property
    def clean(self) -> bool:
        """Whether every invariant is known to hold."""
        return not self.findings and not self.blind


def audit(
    checks: Sequence[Check],
    queries: Queries,
    *,
    grace: timedelta | None = GRACE,
    pause: Callable[[], None] = lambda: time.sleep(1),
    progress: Progress | None = None,
) -> Report:
    """Run the checks; run those with findings again, to confirm them.

    `grace`: how old a finding must be to count; None: the system is settled, and any age counts. With `progress` a
    check continues from what it proved before; without, it checks everything.
    """
    began, report = time.monotonic(), Report([], datetime.now(UTC))
    for check in checks if progress is None else ():
        if check.memory:
            check.memory.load({})
    first = [_run(check, queries, progress) for check in checks]
    if any(outcome.findings for outcome in first):
        pause()
    report.outcomes = [_confirmed(outcome, queries, grace) for outcome in first]
    for outcome in report.outcomes:
        if progress and not outcome.blind:
            progress.note(outcome.check, outcome.unproven)
    if progress:
        progress.report()
    report.seconds = time.monotonic() - began
    return report


def _run(check: Check, queries: Queries, progress: Progress | None = None) -> Outcome:
    began, outcome = time.monotonic(), Outcome(check)
    try:
        keys = progress.keys(check) if progress else None
        outcome.incremental = progress is not None and progress.continues(check)
        _fill(outcome, queries if keys is None else Narrowed(queries, keys))
    except (AuditIncomplete, Refusal) as reason:
        outcome = Outcome(check, blind=str(reason))
    outcome.seconds = time.monotonic() - began
    return outcome


def _fill(outcome: Outcome, queries: Queries) -> None:
    for one in outcome.check.run(queries):
        if isinstance(one, Counted):
            outcome.checked += one.number
        elif isinstance(one, Listed):
            outcome.listed.append(one.line)
        else:
            outcome.findings.append(one)


def _confirmed(first: Outcome, queries: Queries, grace: timedelta | None) -> Outcome:
    """The outcome with the findings that a second run confirms and that are old enough."""
    if not first.findings:
        return first
    check, before = first.check, {finding.about: finding for finding in first.findings}
    second = _run(check, Narrowed(queries, {f.key for f in first.findings}) if check.by_key else queries)
    again = [finding for finding in second.findings if finding.about in before]
    old = [finding for finding in again if _counts(finding, grace and (check.grace or grace))]
    return Outcome(
        check,
        first.checked,
        old,
        len(again) - len(old),
        first.listed,
        first.seconds + second.seconds,
        second.blind,
        frozenset(finding.key for finding in again),
        first.incremental,
    )


def _counts(finding: Finding, grace: timedelta | None) -> bool:
    return grace is None or finding.since is None or datetime.now(UTC) - finding.since > grace
