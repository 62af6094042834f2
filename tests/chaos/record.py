"""The record of a run: requests by status, faults, recoveries, violations; and a log line for each event."""

import re
import time
from collections import Counter, defaultdict
from pathlib import Path

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Record:
    """The counts of one run. Lines go to a file and to `output`."""

    def __init__(self, file: Path, *, output=print) -> None:
        self.began = time.monotonic()
        self.answers: Counter = Counter()  # by status, or by the error instead of an answer
        self.retries: Counter = Counter()  # by method and path
        self.repeats: Counter = Counter()  # requests sent again later, by their answer
        self.scenarios: Counter = Counter()  # started, by name
        self.done: Counter = Counter()  # outcomes of scenarios and orders
        self.rolled: Counter = Counter()  # failed requests during deployments, all of them retried
        self.faults: Counter = Counter()
        self.recoveries: dict[str, list[float]] = defaultdict(list)
        self.calm: list[float] = []  # seconds for an order without faults
        self.audit: Counter = Counter()  # objects checked by the auditor, by invariant
        self.violations: list[str] = []
        self._file, self._output = file.open("w", buffering=1), output

    def line(self, text: str) -> None:
        line = f"{time.monotonic() - self.began:7.1f} s  {text}"
        self._file.write(line + "\n")
        self._output(line)

    def retried(self, method: str, path: str) -> None:
        self.retries[f"{method} {ID.sub('…', path)}"] += 1

    def violated(self, what: str) -> None:
        self.violations.append(what)
        self.line(f"VIOLATION {what}")

    def close(self) -> None:
        self._file.close()
