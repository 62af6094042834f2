"""How often a loop runs that fails."""

from shared.every import pause


def test_a_loop_that_fails_tries_again_soon_then_less_and_less_often_and_for_ever_no_more_often_than_it_should():
    assert [pause(1, failures) for failures in range(4)] == [1, 0.4, 0.8, 1.6]
    assert pause(1, 1_000_000) == 10
    assert pause(3600, 1) == 0.4
    assert pause(3600, 1_000_000) == 3600
