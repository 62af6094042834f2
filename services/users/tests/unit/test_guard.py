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


def test_then_one_must_wait_and_is_told_how_long():
    with pytest.raises(AttemptLimitReached) as refused:
        after(FREE_ATTEMPTS).attempt(NOON + timedelta(seconds=10))
    assert refused.value.facts == {"retry_after": 21}


def test_after_the_wait_there_is_one_try_more():
    assert after(FREE_ATTEMPTS).attempt(NOON + timedelta(seconds=30)).failures == FREE_ATTEMPTS + 1


def test_an_attempt_whose_clock_is_behind_the_last_ones_is_free_like_any_other():
    assert after(1).attempt(NOON - timedelta(milliseconds=50)) == Guard(2, NOON)


def test_after_an_hour_of_peace_everything_is_forgotten():
    assert after(40).attempt(NOON + FORGOTTEN_AFTER + timedelta(seconds=1)).failures == 1


@given(st.integers(0, 10_000))
def test_waits_grow_and_never_exceed_the_longest(failures):
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT
