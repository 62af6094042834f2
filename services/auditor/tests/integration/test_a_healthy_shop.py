"""A shop in which all went well is clean, and the auditor says how much it looked at."""

from auditor.report import CLEAN, as_text, status
from tests.model.queries import CHECKS


def test_a_day_in_the_shop_is_clean_and_every_invariant_had_something_to_look_at(shop):
    report = shop.audit()
    assert report.clean, as_text(report)
    assert status(report) == CLEAN
    counted = {outcome.check.name: outcome.checked for outcome in report.outcomes}
    assert set(counted) == {check.name for check in CHECKS}
    assert [name for name, checked in counted.items() if not checked and name != "money.in_transit"] == []
