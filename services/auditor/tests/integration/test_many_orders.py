"""What the measurement looks at adds up; pages are walked to their end, and one row that is gone is found."""

import pytest

from services.auditor.tests.many import FILLED, fill
from services.payments.tests.till import empty

ORDERS = 2345


@pytest.fixture
def many(shop_that_goes_on):
    for name in FILLED:
        empty(shop_that_goes_on.world.open[name])
        fill(shop_that_goes_on.world.open[name].engine, name, ORDERS)
    return shop_that_goes_on


def test_all_pages_are_looked_at_and_the_one_row_that_is_gone_is_found(many):
    report = many.audit()
    assert report.findings == []
    counted = {outcome.check.name: outcome.checked for outcome in report.outcomes}
    assert counted["stock.claims"] == counted["money.orders"] == counted["ledger.postings"] == ORDERS
    many.sql(
        "payments",
        "DELETE FROM payment_parts WHERE order_id::text = (SELECT max(order_id::text) FROM payment_parts)",
    )
    assert set(many.found()) == {"money.orders", "money.sums"}
