"""Unique ports and other numbers for processes of one machine that choose at the same time.

A number is chosen some time before its use is visible: a port when its process listens. Until then it is recorded
in a file of the user.
"""

import fcntl
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

KEPT = 300.0  # seconds for which a chosen number is reserved


class NoneLeft(RuntimeError):
    """Every number of the range is in use."""


def choose(kind: str, among: range, *, is_free: Callable[[int], bool] = lambda _: True, kept: float = KEPT) -> int:
    """A free number that no other process has chosen in the last `kept` seconds."""
    with _chosen(kind) as chosen:
        now = time.time()
        for number in random.sample(among, len(among)):
            if chosen.get(str(number), 0.0) < now and is_free(number):
                chosen[str(number)] = now + kept
                return number
    raise NoneLeft(f"no {kind} is free from {among.start} to {among.stop - 1}")


@contextmanager
def _chosen(kind: str) -> Iterator[dict[str, float]]:
    """Number → until when it is reserved; changes are written, and expired entries removed."""
    path = Path(tempfile.gettempdir(), f"jishi_{kind}s_{os.getuid()}.json")
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        kept = {number: until for number, until in _read(file.read()).items() if until > time.time()}
        yield kept
        file.seek(0)
        file.truncate()
        json.dump(kept, file)


def _read(text: str) -> dict[str, float]:
    try:
        return json.loads(text)
    except ValueError:  # a process was killed while it wrote
        return {}
