"""Order numbers: 20 digits, of which the first eleven are the time at which the order was placed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

DATE, SECOND = 6, 5  # digits of the date, and of the second of its day, in UTC


@dataclass(frozen=True)
class Span:
    """The times from `start` until before `end`; None: without a limit."""

    start: datetime | None = None
    end: datetime | None = None

    def within(self, other: "Span") -> "Span":
        """The times that both have in common."""
        starts = [each for each in (self.start, other.start) if each]
        ends = [each for each in (self.end, other.end) if each]
        return Span(max(starts, default=None), min(ends, default=None))


ANY_TIME = Span()


def number(at: datetime, order_id: UUID) -> str:
    """The number of an order that is placed now (UTC); nine digits of its id make it unique."""
    second = at.hour * 3600 + at.minute * 60 + at.second
    return f"{at:%y%m%d}{second:05d}{order_id.int % 10**9:09d}"


def placed(digits: str) -> Span | None:
    """When orders were placed whose number begins with these digits, six at least; None if that is no date."""
    try:
        day = datetime.strptime(f"20{digits[:DATE]}", "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    seconds = digits[DATE : DATE + SECOND]
    first, last = (int(seconds.ljust(SECOND, fill)) for fill in "09")
    return Span(day + timedelta(seconds=first), day + timedelta(seconds=last + 1))
