"""What a run has seen: requests by status, faults, recoveries, violations; a line for each thing that happens."""

import re
import time
from collections import Counter, defaultdict
from pathlib import Path

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Record:
    """One run's counts. Lines go to a file and, if somebody looks, to the screen."""

    def __init__(self, file: Path, *, publish=print) -> None:
        self.began = time.monotonic()
        self.answers: Counter = Counter()  # by status, or by what happened instead of an answer
        self.retries: Counter = Counter()  # by method and path
        self.repeats: Counter = Counter()  # requests sent once more at a later time, by what was answered
        self.paths: Counter = Counter()  # begun, by plot
        self.done: Counter = Counter()  # what became of stories and orders
        self.rolled: Counter = Counter()  # failed requests during deployments, all of them asked again
        self.faults: Counter = Counter()
        self.recoveries: dict[str, list[float]] = defaultdict(list)
        self.calm: list[float] = []  # what an order takes when nothing is wrong
        self.audit: Counter = Counter()  # how many the auditor looked at, by invariant
        self.violations: list[str] = []
        self._file, self._publish = file.open("w", buffering=1), publish

    def line(self, text: str) -> None:
        line = f"{time.monotonic() - self.began:7.1f} s  {text}"
        self._file.write(line + "\n")
        self._publish(line)

    def retried(self, method: str, path: str) -> None:
        self.retries[f"{method} {ID.sub('…', path)}"] += 1

    def violated(self, what: str) -> None:
        self.violations.append(what)
        self.line(f"VIOLATION {what}")

    def close(self) -> None:
        self._file.close()
