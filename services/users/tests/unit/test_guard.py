from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from users.sessions.model import (
    FORGOTTEN_AFTER,
    FREE_ATTEMPTS,
    LONGEST_WAIT,
    AttemptLimitReached,
    Guard,
    wait_after,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def after(failures):
    return Guard(failures, NOON)


def test_the_first_attempts_are_free():
    guard = Guard()
    for _ in range(FREE_ATTEMPTS):
        guard = guard.attempt(NOON)
    assert guard.failures == FREE_ATTEMPTS


def test_further_attempts_are_refused_with_the_seconds_to_wait():
    with pytest.raises(AttemptLimitReached) as refused:
        after(FREE_ATTEMPTS).attempt(NOON + timedelta(seconds=10))
    assert refused.value.facts == {"retry_after": 21}


def test_after_the_wait_there_is_one_more_attempt():
    assert after(FREE_ATTEMPTS).attempt(NOON + timedelta(seconds=30)).failures == FREE_ATTEMPTS + 1


def test_an_attempt_with_a_clock_behind_the_last_one_is_accepted():
    assert after(1).attempt(NOON - timedelta(milliseconds=50)) == Guard(2, NOON)


def test_after_an_hour_without_attempts_the_count_restarts():
    assert after(40).attempt(NOON + FORGOTTEN_AFTER + timedelta(seconds=1)).failures == 1


@given(st.integers(0, 10_000))
def test_waits_grow_and_never_exceed_the_longest(failures):
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT
