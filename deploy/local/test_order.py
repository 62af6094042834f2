"""pytest plugin: which tests run in the same process when several share them, and in which order.

A file is the smallest unit: its tests share what they have started. The tests of the whole system share two
systems, those in a browser a third one, each in a separate process: starting one takes as long as twenty tests.
The longest units start first, so that none of them is left at the end; but not all systems at once, since their
start fills the machine. A process is given its next unit while it works on the last test of one.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

SYSTEM = "tests/e2e"
BROWSER = "tests/browser"
# These kill processes and wait for the recovery, about as long as all others of the system together take.
SECOND_SYSTEM = frozenset({f"{SYSTEM}/test_crashes.py", f"{SYSTEM}/test_lost_messages.py"})
LONGEST_FIRST = (
    "tests/chaos/test_chaos.py",  # a system of its own
    BROWSER,  # another one
    "shared/tests/integration/test_servers_away.py",
    "shared/tests/integration/test_killed_handlers.py",
    "tests/web",  # for the process that works on chaos, a single test
    SYSTEM,  # both units
    "tests/bench",
    "tests/model",
    "shared/tests/integration",
    "gateway/tests/integration/test_running.py",
    "services/orders/tests/integration",
    "tests/local",
    "tests/monitoring",
)
LONG = "/integration/"  # with real servers; the remaining units are short


def unit_of(nodeid: str) -> str:
    """The unit of a test."""
    file = nodeid.partition("::")[0]
    if file in SECOND_SYSTEM:
        return f"{SYSTEM} with crashes"
    return next((shared for shared in (SYSTEM, BROWSER) if file.startswith(shared)), file)


def rank(unit: str) -> int:
    """The position of a unit: the lowest rank begins."""
    other = len(LONGEST_FIRST) if LONG in unit else len(LONGEST_FIRST) + 1
    return next((n for n, long in enumerate(LONGEST_FIRST) if unit.startswith(long)), other)


class LongestFirst(LoadScopeScheduling):
    """Units in the order of their rank, each to the next idle process."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongestFirst:
    """The scheduler hook of xdist."""
    return LongestFirst(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Collect the same tests in the same order in each process; xdist distributes them in this order."""
    items.sort(key=lambda item: rank(unit_of(item.nodeid)))
