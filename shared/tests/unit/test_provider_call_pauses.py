"""The pauses between the tries of a provider call."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.provider_calls.model import Pauses

PAUSES = Pauses(first=timedelta(seconds=1), longest=timedelta(minutes=5))


def test_a_pause_doubles_with_each_try():
    assert [PAUSES.after(tries).total_seconds() for tries in range(1, 6)] == [1, 2, 4, 8, 16]


def test_the_first_pause_can_be_overridden():
    assert PAUSES.after(2, timedelta(seconds=5)) == timedelta(seconds=10)


@given(st.integers(1, 10**9))
def test_no_number_of_tries_makes_a_pause_overflow_or_shrink(tries):
    assert timedelta() < PAUSES.after(tries) <= PAUSES.after(tries + 1) <= PAUSES.longest
