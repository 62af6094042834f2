"""A consistent shop has no findings, and the auditor reports how much it checked."""

from auditor.report import CLEAN, as_text, status
from tests.model.queries import CHECKS


def test_a_day_in_the_shop_is_clean_and_every_invariant_checked_something(shop):
    report = shop.audit()
    assert report.clean, as_text(report)
    assert status(report) == CLEAN
    counted = {outcome.check.name: outcome.checked for outcome in report.outcomes}
    assert set(counted) == {check.name for check in CHECKS}
    assert [name for name, checked in counted.items() if not checked and name != "money.in_transit"] == []
