"""Lengths of tests: `make test` uses the usual number, `make test-long` the long one."""

import os
from typing import TypeVar

T = TypeVar("T", int, float)
IS_LONG = os.environ.get("TESTS") == "long"


def lasting(usual: T, *, long: T) -> T:
    """The number of seconds, examples or rounds for this run."""
    return long if IS_LONG else usual
