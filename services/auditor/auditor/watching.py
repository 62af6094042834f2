"""Repeated audits of a running system: metrics for alerts, and a log line for each new finding."""

import threading
from collections.abc import Callable, Iterable

from prometheus_client import Counter, Gauge

from auditor.audit import Report
from auditor.checks import AuditIncomplete, Finding
from shared import observe
from shared.errors import Refusal

RETRY_AFTER = 5.0  # seconds until the next audit when no service replied
findings = Gauge("jishi_audit_findings", "Violations of an invariant, as of the last audit", ["check"])
waiting = Gauge("jishi_audit_waiting", "Findings that were confirmed, but are too recent to count", ["check"])
checked = Counter("jishi_audit_checked_total", "Documents that were checked", ["check"])
blind = Gauge(
    "jishi_audit_blind", "1 where a check could not run: whether its invariant holds is unknown", ["check"]
)
passed_at = Gauge("jishi_audit_passed_at_seconds", "When the last complete audit began, in seconds since 1970")
pass_seconds = Gauge("jishi_audit_pass_seconds", "How long the last audit took")


class Watch:
    """Audits every `every` seconds and carries out repairs, until stop()."""

    def __init__(
        self,
        audit: Callable[[], Report],
        *,
        repair: Callable[[Iterable[Finding]], Iterable[str]] = lambda _: (),
        every: float = 60.0,
    ) -> None:
        self._audit, self._repair, self._every = audit, repair, every
        self._stopping = threading.Event()
        self._known: dict[tuple[str, str], int] = {}  # findings, and in how many audits so far
        self.services_reply = True

    def run(self) -> None:
        """Audit until stop() is called."""
        self.audit_once()
        while not self._stopping.wait(self._every if self.services_reply else min(RETRY_AFTER, self._every)):
            self.audit_once()

    def stop(self) -> None:
        self._stopping.set()

    def audit_once(self) -> None:
        """Audit once; the metrics of checks that could not run keep their values."""
        try:
            report = self._audit()
            for line in self._repair(self._to_repair(report)):
                observe.log.warning("repaired", repair=line.strip())
        except (AuditIncomplete, Refusal) as reason:
            self.services_reply = False
            observe.log.warning("audit incomplete", reason=str(reason))
        else:
            self.services_reply = len(report.blind) < len(report.outcomes)
            self._publish(report)

    def _to_repair(self, report: Report) -> list[Finding]:
        """Findings seen for the 1st, 2nd, 4th, 8th time and so on: failing repairs are retried more rarely."""
        return [each for each in report.findings if (nth := self._times_seen(each) + 1) & (nth - 1) == 0]

    def _times_seen(self, finding: Finding) -> int:
        return self._known.get((finding.check, finding.about), 0)

    def _publish(self, report: Report) -> None:
        for outcome in report.outcomes:
            blind.labels(outcome.check.name).set(bool(outcome.blind))
            if outcome.blind:
                observe.log.warning("check could not run", check=outcome.check.name, reason=outcome.blind)
                continue
            findings.labels(outcome.check.name).set(len(outcome.findings))
            waiting.labels(outcome.check.name).set(outcome.waiting)
            checked.labels(outcome.check.name).inc(outcome.checked)
        if not report.blind:
            passed_at.set(report.began_at.timestamp())
        pass_seconds.set(report.seconds)
        self._log(report)

    def _log(self, report: Report) -> None:
        """Log new and resolved findings; findings of a check that could not run are not resolved."""
        now = {(finding.check, finding.about): finding for finding in report.findings}
        unknown = {outcome.check.name for outcome in report.blind}
        for key in now.keys() - self._known.keys():
            observe.log.error("finding", check=key[0], about=key[1], detail=now[key].detail)
        gone = {key for key in self._known.keys() - now.keys() if key[0] not in unknown}
        for check, about in gone:
            observe.log.info("finding resolved", check=check, about=about)
        left = {key: times for key, times in self._known.items() if key not in gone}
        self._known = left | {key: left.get(key, 0) + 1 for key in now}
