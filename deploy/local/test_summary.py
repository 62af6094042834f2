"""pytest plugin: counts and seconds by kind of test, and a plain last line."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

KINDS = ("unit", "integration", "contract", "model", "architecture", "e2e", "browser", "local", "chaos")
_outcomes: dict[str, str] = {}
_seconds: defaultdict[str, float] = defaultdict(float)  # of all processes that share the tests


def kind_of(nodeid: str) -> str:
    """The kind of a test: its folder."""
    folders = Path(nodeid.partition("::")[0]).parts
    return next((kind for kind in KINDS if kind in folders), "other")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test is failed if any of its phases is; passed if its call is."""
    _seconds[kind_of(report.nodeid)] += report.duration
    if report.failed or report.when == "call":
        worse = report.failed or _outcomes.get(report.nodeid) == "failed"
        _outcomes[report.nodeid] = "failed" if worse else report.outcome


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A file that cannot be collected counts as one failed test."""
    if report.failed:
        _outcomes[report.nodeid] = "failed"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print after the output of pytest, and only in the main process."""
    if hasattr(config, "workerinput"):
        return
    for kind in (*KINDS, "other"):
        counts = Counter(outcome for test, outcome in _outcomes.items() if kind_of(test) == kind)
        if counts:
            print(f"{kind:<14}{counts['passed']:>5} passed {counts['failed']:>4} failed {_seconds[kind]:>6.0f} s")
    total = Counter(_outcomes.values())
    print(f"{total['passed']} passed, {total['failed']} failed")
