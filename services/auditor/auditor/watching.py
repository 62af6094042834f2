"""Looking again and again while the shop is open: metrics for alarms, and a line in the log for what is new."""

import threading
from collections.abc import Callable, Iterable

from prometheus_client import Counter, Gauge

from auditor.audit import Report
from auditor.checks import AuditIncomplete, Finding
from shared import observe
from shared.errors import Refusal

AGAIN = 5.0  # seconds until somebody who could not be asked is asked again
findings = Gauge("jishi_audit_findings", "What breaks an invariant, as of the last look", ["check"])
waiting = Gauge("jishi_audit_waiting", "What was found twice, but is too young to count", ["check"])
checked = Counter("jishi_audit_checked_total", "Things that were looked at", ["check"])
blind = Gauge(
    "jishi_audit_blind", "1 where a check could not look: whether its invariant holds is not known", ["check"]
)
passed_at = Gauge("jishi_audit_passed_at_seconds", "When all was last looked at, in seconds since 1970")
pass_seconds = Gauge("jishi_audit_pass_seconds", "How long the last look at all took")


class Watch:
    """Audits every so many seconds, mends if it is told to, and goes on until stop()."""

    def __init__(
        self,
        look: Callable[[], Report],
        *,
        repair: Callable[[Iterable[Finding]], Iterable[str]] = lambda _: (),
        every: float = 60.0,
    ) -> None:
        self._look, self._repair, self._every = look, repair, every
        self._stopping = threading.Event()
        self._known: dict[tuple[str, str], int] = {}  # what was found, and in how many looks so far
        self.could_look = True

    def run(self) -> None:
        """Look, rest, look again."""
        self.look_once()
        while not self._stopping.wait(self._every if self.could_look else min(AGAIN, self._every)):
            self.look_once()

    def stop(self) -> None:
        self._stopping.set()

    def look_once(self) -> None:
        """One look at everything; when somebody cannot be asked, the figures stay what they were."""
        try:
            report = self._look()
            for line in self._repair(self._to_repair(report)):
                observe.log.warning("repaired", repair=line.strip())
        except (AuditIncomplete, Refusal) as reason:
            self.could_look = False
            observe.log.warning("could not look", reason=str(reason))
        else:
            self.could_look = len(report.blind) < len(report.outcomes)
            self._tell(report)

    def _to_repair(self, report: Report) -> list[Finding]:
        """At the 1st, 2nd, 4th, 8th look, and so on: a repair that does not help leaves something behind."""
        return [each for each in report.findings if (look := self._looks(each) + 1) & (look - 1) == 0]

    def _looks(self, finding: Finding) -> int:
        return self._known.get((finding.check, finding.about), 0)

    def _tell(self, report: Report) -> None:
        for outcome in report.outcomes:
            blind.labels(outcome.check.name).set(bool(outcome.blind))
            if outcome.blind:
                observe.log.warning("could not look", check=outcome.check.name, reason=outcome.blind)
                continue
            findings.labels(outcome.check.name).set(len(outcome.findings))
            waiting.labels(outcome.check.name).set(outcome.waiting)
            checked.labels(outcome.check.name).inc(outcome.checked)
        if not report.blind:
            passed_at.set(report.began_at.timestamp())
        pass_seconds.set(report.seconds)
        self._log(report)

    def _log(self, report: Report) -> None:
        """What is found for the first time, and what is found no more; of a check that could not look nothing."""
        now = {(finding.check, finding.about): finding for finding in report.findings}
        unknown = {outcome.check.name for outcome in report.blind}
        for key in now.keys() - self._known.keys():
            observe.log.error("does not add up", check=key[0], about=key[1], detail=now[key].detail)
        gone = {key for key in self._known.keys() - now.keys() if key[0] not in unknown}
        for check, about in gone:
            observe.log.info("adds up again", check=check, about=about)
        left = {key: looks for key, looks in self._known.items() if key not in gone}
        self._known = left | {key: left.get(key, 0) + 1 for key in now}
