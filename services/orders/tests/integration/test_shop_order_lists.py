"""A shop finds its orders by state, time and number, without reading all of them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from orders.fulfilment.model.numbers import Span
from orders.fulfilment.store.wanted import Wanted, conditions
from orders.fulfilment.tables import order
from services.orders.tests.quotes import a_quoted_shop
from shared.ids import new_id
from shared.shapes import Misshapen

LATER, EARLIER = timedelta(minutes=1), -timedelta(minutes=1)


@pytest.fixture
def bought(confirmed, merchant):
    """Two orders of the merchant's shop, oldest first."""
    (shop_id,) = merchant.shops
    return [confirmed(a_quoted_shop(shop_id=shop_id))["orders"][0] for _ in range(2)]


@pytest.fixture
def listed(call, merchant):
    (shop_id,) = merchant.shops

    def ids(**wanted):
        shown = call("list_shop_orders", merchant, shop_id=str(shop_id), **wanted)["items"]
        return [one["order_id"] for one in shown]

    return ids


def at(order, shift=timedelta()):
    return (datetime.fromisoformat(order["placed_at"]) + shift).isoformat()


def test_orders_are_found_by_the_time_in_which_they_were_placed(bought, listed):
    first, second = bought
    both = [second["order_id"], first["order_id"]]
    assert listed(placed_from=at(first)) == both
    assert listed(placed_from=at(second)) == both[:1]
    assert listed(placed_before=at(second)) == both[1:]
    assert listed(placed_from=at(first), placed_before=at(second, LATER)) == both
    assert listed(placed_from=at(second, LATER)) == []
    assert listed(placed_before=at(first, EARLIER)) == []


def test_orders_are_found_by_their_number_or_its_first_digits(bought, listed, confirmed):
    first, second = bought
    others = confirmed()["orders"][0]
    assert listed(number=first["number"]) == [first["order_id"]]
    assert set(listed(number=second["number"][:6])) == {first["order_id"], second["order_id"]}
    assert listed(number=second["number"][:-1]) == [second["order_id"]]
    assert listed(number=others["number"]) == []
    assert listed(number="000101" + first["number"][6:]) == []
    assert listed(number=first["number"], placed_from=at(first, LATER)) == []


def test_filters_are_combined_and_pages_follow_them(call, bought, listed, merchant):
    first, second = bought
    call("accept_order", merchant, order_id=first["order_id"])
    day = first["number"][:6]
    assert listed(number=day, state=["preparing"]) == [first["order_id"]]
    assert listed(number=day, state=["preparing", "confirmed"], limit=1) == [second["order_id"]]
    assert listed(number=day, cursor=second["order_id"]) == [first["order_id"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "26112"},
        {"number": "2611a3"},
        {"number": "１２３４５６"},
        {"number": "2" * 21},
        {"placed_from": "1999-12-31T00:00:00Z"},
        {"placed_before": "2026-11-23T08:00:00"},
        {"state": ["sent"]},
        {"state": "shipped"},
    ],
    ids=str,
)
def test_filters_that_cannot_match_are_refused(listed, wrong):
    with pytest.raises(Misshapen):
        listed(**wrong)


def test_a_time_is_looked_up_in_the_index_of_the_shops_orders(open_work):
    day = datetime(2026, 11, 23, tzinfo=UTC)
    wanted = Wanted(placed=Span(day, day + timedelta(days=1)), number="261123")
    query = sa.select(order).where(order.c.shop_id == new_id(), *conditions(wanted))
    query = query.order_by(order.c.order_id.desc()).limit(20)
    with open_work() as work:
        work.connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        text = query.compile(work.connection, compile_kwargs={"literal_binds": True})
        plan = "\n".join(work.connection.exec_driver_sql(f"EXPLAIN {text}".replace("%", "%%")).scalars())
    assert re.search(r"Index Cond: .*shop_id = .* AND \(order_id >= .* AND \(order_id < ", plan), plan
    assert "Sort" not in plan
