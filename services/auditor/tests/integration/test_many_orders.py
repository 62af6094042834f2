"""The data of the benchmark are consistent; all pages are read, and one missing row is found."""

import pytest

from services.auditor.tests.many import FILLED, fill
from services.payments.tests.till import empty

ORDERS = 2345


@pytest.fixture
def many(copied_shop):
    for name in FILLED:
        empty(copied_shop.world.open[name])
        fill(copied_shop.world.open[name].engine, name, ORDERS)
    return copied_shop


def test_all_pages_are_checked_and_one_missing_row_is_found(many):
    report = many.audit()
    assert report.findings == []
    counted = {outcome.check.name: outcome.checked for outcome in report.outcomes}
    assert counted["stock.claims"] == counted["money.orders"] == counted["ledger.postings"] == ORDERS
    many.sql(
        "payments",
        "DELETE FROM payment_parts WHERE order_id::text = (SELECT max(order_id::text) FROM payment_parts)",
    )
    assert set(many.found()) == {"money.orders", "money.sums"}
