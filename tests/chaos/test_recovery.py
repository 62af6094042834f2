"""The bar of recovery: the same everywhere, but for machines that are slow while nothing is wrong."""

from tests.chaos.recovery import BAR, allowed


def test_fifteen_seconds_are_allowed():
    assert allowed([]) == allowed([0.4, 0.6, 9.0]) == BAR == 15


def test_a_machine_that_is_twice_as_slow_is_given_twice_the_time():
    assert allowed([3.0, 3.0, 3.0]) == 30


def test_no_machine_is_given_more_than_three_times_as_much():
    assert allowed([60.0]) == 45
