"""An audit report: since when the auditor is silent, and what is known then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Conflict, NotFound

QUARTER = timedelta(minutes=15)
QUARTERS = 96  # of the history: a day
SLACK = timedelta(seconds=30)  # for the way of a report


class FindingNotFound(NotFound):
    """There is no such finding."""

    code = "finding_not_found"


class FindingNotRepairable(Conflict):
    """The finding is resolved, or can only be repaired by hand."""

    code = "finding_not_repairable"


@dataclass(frozen=True, kw_only=True)
class Report:
    """When an audit began, when its report was stored, how long it took, and the pause until the next one."""

    began_at: datetime
    stored_at: datetime
    milliseconds: int
    every: int

    @property
    def expected_by(self) -> datetime:
        """Until when the next report should have come: after the pause, and twice the time that the audit took."""
        return self.stored_at + timedelta(seconds=self.every, milliseconds=2 * self.milliseconds) + SLACK

    def is_silent(self, now: datetime) -> bool:
        """Whether the next report is overdue, so that nothing is known any more."""
        return now > self.expected_by


def quarter_of(time: datetime) -> datetime:
    """The beginning of the quarter of an hour."""
    return time.replace(minute=time.minute - time.minute % 15, second=0, microsecond=0)


def last_quarters(now: datetime) -> list[datetime]:
    """The beginnings of the last QUARTERS quarters, the oldest first; the last one is the present one."""
    last = quarter_of(now)
    return [last - QUARTER * before for before in reversed(range(QUARTERS))]
