"""Waiting for a condition."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], *, within: float = 20.0, every: float = 0.02) -> T:
    """Return the condition's value as soon as it is true. Raises AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true within {within:g} s")
        time.sleep(every)
    return value
