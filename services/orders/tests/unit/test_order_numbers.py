"""The number of an order says when it was placed, so that its first digits find it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.fulfilment.model.numbers import Span, number, placed
from shared.ids import new_id

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
EVENING = datetime(2026, 11, 23, 23, 59, 59, 999_999, tzinfo=UTC)
DAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_number_has_the_date_the_second_and_digits_of_the_id():
    assert number(EVENING, UUID(int=7_000_000_042)) == "26112386399000000042"


@given(TIMES, st.integers(6, 20))
def test_an_order_was_placed_when_the_first_digits_of_its_number_say(at, length):
    span = placed(number(at, new_id())[:length])
    assert span.start <= at < span.end


@pytest.mark.parametrize(
    ("digits", "start", "seconds"),
    [
        ("261123", 0, 100_000),
        ("2611238", 80_000, 10_000),
        ("26112386399", 86_399, 1),
        ("26112386399000000", 86_399, 1),
    ],
)
def test_more_digits_are_a_shorter_time(digits, start, seconds):
    first = DAY + timedelta(seconds=start)
    assert placed(digits) == Span(first, first + timedelta(seconds=seconds))


@pytest.mark.parametrize("digits", ["000000", "261323", "260230", "99999999999999999999"])
def test_digits_without_a_date_are_no_number(digits):
    assert placed(digits) is None


def test_times_in_common_are_the_later_start_and_the_earlier_end():
    noon, night = DAY + timedelta(hours=12), DAY + timedelta(hours=23)
    assert Span(DAY, night).within(Span(noon, None)) == Span(noon, night)
    assert Span().within(Span(None, noon)) == Span(None, noon)
    assert Span().within(Span()) == Span()
