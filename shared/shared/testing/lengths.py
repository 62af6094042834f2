"""How long a test goes on: `make test` takes the usual number, `make test-long` the long one."""

import os
from typing import TypeVar

T = TypeVar("T", int, float)
IS_LONG = os.environ.get("TESTS") == "long"


def lasting(usual: T, *, long: T) -> T:
    """Seconds, examples or rounds: as many as this run has time for."""
    return long if IS_LONG else usual
