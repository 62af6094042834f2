"""Days of a time zone, each with what was sold."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from orders.figures.model import Days, Sold

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_days_begin_at_midnight_of_their_zone():
    days = Days(date(2026, 3, 1), 2, SHANGHAI)
    assert days.all == [date(2026, 2, 28), date(2026, 3, 1)]
    assert days.start == datetime(2026, 2, 27, 16, tzinfo=UTC)
    assert days.end == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_a_day_of_a_changed_clock_is_as_long_as_it_is():
    day = Days(date(2026, 3, 29), 1, ZoneInfo("Europe/Berlin"))
    assert (day.end.astimezone(UTC) - day.start.astimezone(UTC)).total_seconds() == 23 * 3600


def test_days_without_sales_have_zeros():
    sold = Sold(orders=1, units=3, gross=2997, refunded=999)
    filled = Days(date(2026, 11, 23), 3, SHANGHAI).filled({date(2026, 11, 22): sold})
    assert filled == {date(2026, 11, 21): Sold(), date(2026, 11, 22): sold, date(2026, 11, 23): Sold()}
    assert sum(filled.values(), Sold()) == sold
