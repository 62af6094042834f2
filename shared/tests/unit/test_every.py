"""The pauses of a loop that fails."""

from shared.every import pause


def test_a_failing_loop_is_retried_soon_and_then_with_growing_pauses():
    assert [pause(1, failures) for failures in range(4)] == [1, 0.4, 0.8, 1.6]
    assert pause(1, 1_000_000) == 10
    assert pause(3600, 1) == 0.4
    assert pause(3600, 1_000_000) == 3600
