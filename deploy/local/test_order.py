"""pytest plugin: which tests stay together when several processes share them, and which begin.

A file is the smallest unit: its tests share what they have started. The tests of the whole system share two
systems, each in a process of its own: starting one takes as long as twenty tests. The longest units begin, so
that none of them is left over at the end.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

SYSTEM = "tests/e2e"
# These kill processes and wait for what recovers, about as long as all others of the system together take.
SECOND_SYSTEM = frozenset({f"{SYSTEM}/test_crashes.py", f"{SYSTEM}/test_lost_messages.py"})
LONGEST_FIRST = (
    "tests/chaos/test_chaos.py",
    SYSTEM,  # both units
    "tests/model",
    "shared/tests/integration",
    "services/orders/tests/integration",
    "tests/local",
)
LONG = "/integration/"  # on real servers; what is left over at the end is short


def unit_of(nodeid: str) -> str:
    """What a test is given to a process together with."""
    file = nodeid.partition("::")[0]
    if file in SECOND_SYSTEM:
        return f"{SYSTEM} with crashes"
    return SYSTEM if file.startswith(SYSTEM) else file


def rank(unit: str) -> int:
    """How early a unit begins: the first rank first."""
    other = len(LONGEST_FIRST) if LONG in unit else len(LONGEST_FIRST) + 1
    return next((n for n, long in enumerate(LONGEST_FIRST) if unit.startswith(long)), other)


class LongestFirst(LoadScopeScheduling):
    """Units in the order of their rank, each to the next process that has nothing left to do."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongestFirst:
    """The hook of xdist that asks how tests are shared out."""
    return LongestFirst(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process collects the same tests in the same order, and xdist shares them out in it."""
    items.sort(key=lambda item: rank(unit_of(item.nodeid)))
