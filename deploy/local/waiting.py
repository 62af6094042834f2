"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable


class TooLate(Exception):
    """The condition did not hold in time."""


def wait_until(condition: Callable[[], object], what: str, *, seconds: float, every: float = 0.05) -> None:
    """Return when the condition holds; raise TooLate naming `what` if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TooLate(f"{what}: not within {seconds:g} s")
        time.sleep(every)
