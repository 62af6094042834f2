"""The result of a run: a summary, JSON, and a table of several runs."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.record import Record

BAR = 15.0  # seconds; the longest acceptable recovery
COLUMNS = (
    "seed",
    "seconds",
    "orders",
    "faults",
    "requests",
    "retries",
    "slowest recovery",
    "violations",
    "whole run",
)


@dataclass
class Result:
    """The result of one run."""

    seed: int
    seconds: float
    took: float
    phases: dict[str, float]
    scenarios: dict[str, int]
    done: dict[str, int]
    answers: dict[str, int]
    retries: dict[str, int]
    repeats: dict[str, int]  # requests sent again later
    rolled: dict[str, int]  # failed requests during deployments
    faults: dict[str, int]
    recoveries: dict[str, float]  # the longest of each kind
    calm: dict[str, float]  # seconds for the same orders without faults
    audit: dict[str, int]
    violations: list[str]

    @property
    def slowest(self) -> float:
        return max(self.recoveries.values(), default=0.0)

    @property
    def too_slow(self) -> list[str]:
        """The kinds of faults with a recovery longer than the bar."""
        return [kind for kind, took in self.recoveries.items() if took > BAR]

    def row(self) -> tuple:
        return (
            self.seed,
            f"{self.seconds:g}",
            self.done.get("placed", 0),
            sum(self.faults.values()),
            sum(self.answers.values()),
            sum(self.retries.values()),
            f"{self.slowest:.1f} s",
            len(self.violations),
            f"{self.took:.0f} s",
        )


def result(record: Record, seed: int, seconds: float, phases: dict[str, float]) -> Result:
    names = ("scenarios", "done", "answers", "retries", "repeats", "rolled", "faults", "audit")
    counts = {name: {str(k): v for k, v in sorted(getattr(record, name).items(), key=str)} for name in names}
    longest = {kind: round(max(took), 2) for kind, took in sorted(record.recoveries.items())}
    took = round(time.monotonic() - record.began, 1)
    return Result(
        seed=seed,
        seconds=seconds,
        took=took,
        phases=phases,
        recoveries=longest,
        calm={"half within": _at(record.calm, 0.5), "longest": _at(record.calm, 1)},
        violations=record.violations,
        **counts,
    )


def _at(numbers: list[float], share: float) -> float:
    found = sorted(numbers)
    return round(found[int(share * (len(found) - 1))], 2) if found else 0.0


def store(found: Result, folder: Path) -> Path:
    file = folder / f"{found.seed}.json"
    file.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n")
    return file


def summary(found: Result) -> str:
    """The summary of the run for the screen."""
    lines = [f"chaos, seed {found.seed}: {found.seconds:g} s of faults, {found.took:.0f} s in total"]
    lines += [_counts("time", {k: f"{v:.0f} s" for k, v in found.phases.items()})]
    lines += [
        _counts("scenarios", found.scenarios),
        _counts("orders", found.done),
        _counts("answers", found.answers),
        _counts("retried", found.retries),
        _counts("repeated later", found.repeats),
        _counts("failed and retried during deployments", found.rolled or {"none": ""}),
    ]
    lines += [_counts("the canary's orders without faults", {k: f"{v:.1f} s" for k, v in found.calm.items()})]
    lines += ["faults, with the longest recovery after the part answered again:"]
    pairs = {kind: "" for kind in found.recoveries if kind not in found.faults}
    for kind, count in {**found.faults, **pairs}.items():
        took = f"{found.recoveries[kind]:5.1f} s" if kind in found.recoveries else "      -"
        lines.append(f"  {kind:<28}{count:>4}  {took}")
    lines += [f"recovered in more than {BAR:g} s: {', '.join(found.too_slow) or 'none'}"]
    lines += [_counts("audit", found.audit)] if found.audit else []
    lines += [f"violations: {len(found.violations)}", *(f"  {violation}" for violation in found.violations)]
    return "\n".join(lines)


def _counts(title: str, counts: dict) -> str:
    return f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts.items())


def table(results: list[Result]) -> str:
    """Several runs as a Markdown table."""
    rows = [COLUMNS, tuple("---" for _ in COLUMNS), *(found.row() for found in results)]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)
