"""The limit for recoveries in the report."""

from dataclasses import fields

from tests.chaos import report


def a_result(**recoveries):
    empty = {field.name: {} for field in fields(report.Result)}
    return report.Result(
        **empty | {"seed": 1, "seconds": 60, "took": 90, "violations": [], "recoveries": recoveries}
    )


def test_a_recovery_may_take_fifteen_seconds():
    assert a_result(redis=15.0, postgres=0.4).too_slow == []
    assert a_result(redis=15.1, postgres=0.4).too_slow == ["redis"]


def test_the_summary_of_a_run_names_slow_recoveries():
    found = a_result(**{"postgres killed": 17.5})
    found.phases = {}
    assert "recovered in more than 15 s: postgres killed" in report.summary(found)
