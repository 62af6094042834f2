"""pytest plugin: writes the outcome of each test with its reason as JSON to the file named by OUTCOMES."""

import json
import os
from pathlib import Path

import pytest

NO_BEHAVIOUR = (ImportError, NameError, SyntaxError, AttributeError, TypeError)
_found = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" or report.failed:
        _found.append(
            {
                "test": item.nodeid,
                "when": call.when,
                "passed": report.passed,
                "behaved": report.when == "call" and (report.passed or _is_behaviour(call.excinfo.value)),
                "why": "" if report.passed else call.excinfo.exconly()[:2000],
            }
        )
    return report


def pytest_collectreport(report):
    if report.failed:
        why = report.longreprtext[-2000:]
        _found.append({"test": report.nodeid, "when": "collect", "passed": False, "behaved": False, "why": why})


def pytest_sessionfinish():
    Path(os.environ["OUTCOMES"]).write_text(json.dumps(_found))


def _is_behaviour(failure):
    """Whether the test detected wrong behaviour, rather than that the program cannot run."""
    if isinstance(failure, BaseExceptionGroup):
        return all(map(_is_behaviour, failure.exceptions))
    return not isinstance(failure, NO_BEHAVIOUR) and "it ended:" not in str(failure)
