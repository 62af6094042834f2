"""A span of days in a time zone, and what was sold on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Sold:
    """Orders and units that were sold, and what was paid and refunded, in minor units."""

    orders: int = 0
    units: int = 0
    gross: int = 0
    refunded: int = 0

    def __add__(self, other: "Sold") -> "Sold":
        return Sold(
            self.orders + other.orders,
            self.units + other.units,
            self.gross + other.gross,
            self.refunded + other.refunded,
        )


@dataclass(frozen=True)
class Days:
    """`count` days of a time zone up to and with `last`."""

    last: date
    count: int
    zone: ZoneInfo

    @property
    def all(self) -> list[date]:
        """The days, oldest first."""
        return [self.last - timedelta(days=back) for back in reversed(range(self.count))]

    @property
    def start(self) -> datetime:
        """Where the first day begins."""
        return datetime.combine(self.all[0], time.min, self.zone)

    @property
    def end(self) -> datetime:
        """Where the day after the last one begins."""
        return datetime.combine(self.last + timedelta(days=1), time.min, self.zone)

    def filled(self, sold: Mapping[date, Sold]) -> dict[date, Sold]:
        """What was sold on each day, nothing where there is none."""
        return {day: sold.get(day, Sold()) for day in self.all}
