"""A shop's sales by day of the platform's time zone."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from orders.checkout.tables import checkout
from orders.figures import store
from orders.figures.model import Days
from orders.fulfilment.model.states import Actor, OrderState
from orders.fulfilment.tables import order
from services.orders.tests.builders import a_line, an_order
from services.orders.tests.quotes import a_quoted_line, a_quoted_shop
from shared.errors import Forbidden
from shared.ids import first_since, new_id
from shared.local_time import platform_zone
from shared.reading import fetch
from shared.shapes import Misshapen

LATE = datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)  # the last second of March 1 in Shanghai
NOTHING = {"orders": 0, "units": 0, "gross": 0, "refunded": 0, "net": 0}


@pytest.fixture
def shop_id(merchant):
    (its_id,) = merchant.shops
    return its_id


@pytest.fixture
def place(open_work, shop_id):
    """Store an order of three cups for 29.97 and 8.00 shipping, placed then, that went through these states."""

    def placed(at, *states, shop=shop_id, **more):
        chosen = UUID(int=first_since(at).int | new_id().int & (1 << 80) - 1)
        line = a_line(quantity=3, paid=2997)
        one = an_order(line, order_id=chosen, number=str(chosen), shop_id=shop, placed_at=at, **more)
        with open_work() as work:
            _pay(work, one)
            work.orders.add([one])
            for state in states:
                one.state = state
                work.orders.note_steps([one], Actor.SYSTEM, at)
            work.orders.save(one, at)

    return placed


def _pay(work, one):
    about = {"method": "wechat", "total": one.total.amount, "currency": "CNY", "state": "confirmed"}
    personal = {"address": {}, "contact": {}, "note": "", "benefits": [], "taken_from_cart": {}}
    ids = {"checkout_id": one.checkout_id, "quote_id": new_id(), "buyer_id": new_id(), "payment_id": new_id()}
    work.connection.execute(sa.insert(checkout).values(**ids, **about, **personal, expires_at=one.placed_at))


@pytest.fixture
def sales(call, merchant, shop_id):
    def shown(**wanted):
        found = call("get_shop_sales", merchant, shop_id=str(shop_id), **wanted)
        return {one["day"]: amounts(one) for one in found["days"]}, amounts(found["total"])

    return shown


def amounts(of):
    money = {name: of[name]["amount"] for name in ("gross", "refunded", "net")}
    return {"orders": of["orders"], "units": of["units"], **money}


def test_orders_count_on_the_day_they_were_placed_and_days_without_sales_are_zeros(place, sales):
    place(LATE, OrderState.CONFIRMED)
    place(LATE + timedelta(seconds=1), OrderState.CONFIRMED, OrderState.PREPARING)
    place(LATE + timedelta(seconds=1), OrderState.CONFIRMED, shop=new_id())
    days, total = sales(days=3, last_day="2026-03-02")
    one = {"orders": 1, "units": 3, "gross": 3797, "refunded": 0, "net": 3797}
    assert days == {"2026-02-28": NOTHING, "2026-03-01": one, "2026-03-02": one}
    assert total == {"orders": 2, "units": 6, "gross": 7594, "refunded": 0, "net": 7594}
    assert sales(days=1, last_day="2026-03-03")[1] == NOTHING


def test_orders_that_were_never_confirmed_do_not_count_and_those_cancelled_later_do(place, sales):
    place(LATE, OrderState.PLACED)
    place(LATE, OrderState.PLACED, OrderState.CANCELLED)
    place(LATE, OrderState.PLACED, OrderState.CONFIRMED, OrderState.CANCELLING, OrderState.CANCELLED)
    assert sales(days=1, last_day="2026-03-01")[1]["orders"] == 1


def test_refunds_count_on_the_day_they_are_granted(call, confirmed, shopper, merchant, shop_id, sales, open_work):
    line = a_quoted_line(quantity=3, unit_price=1000)
    (bought,) = confirmed(a_quoted_shop(line, shop_id=shop_id))["orders"]
    call("accept_order", merchant, order_id=bought["order_id"])
    cup = {"lines": [{"line_id": bought["lines"][0]["line_id"], "quantity": 1}], "reason_text": "碎了"}
    of_order = {"order_id": bought["order_id"], **cup, "idempotency_key": "a cup"}
    asked = call("request_refund", shopper, **of_order)
    assert sales(days=1)[1]["refunded"] == 0
    call("approve_refund", merchant, refund_id=asked["refund_id"])
    with open_work() as work:  # the order was placed the day before
        earlier = {"placed_at": work.now - timedelta(days=1)}
        work.connection.execute(sa.update(order).values(earlier))
        today = work.now.astimezone(platform_zone()).date().isoformat()
    days, total = sales(days=1)
    assert days[today] == total
    assert total == {"orders": 0, "units": 0, "gross": 0, "refunded": 1000, "net": -1000}


def test_what_a_shop_sold_is_found_by_indexes(open_work, shop_id):
    """Its orders by their ids, its refunds by their decision: not by reading every order of the shop."""
    days = Days(LATE.date(), 92, platform_zone())
    ids = {"first": first_since(days.start), "behind": first_since(days.end)}
    within = {"shop": shop_id, "start": days.start, "end": days.end, "zone": "Asia/Shanghai", **ids}
    with open_work() as work:
        work.connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        work.connection.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(line for (line,) in fetch(work.connection, "EXPLAIN " + store.SOLD, within))
    indexes = ("order_by_shop", "ix_order_line_order_id", "ix_order_step_order_id", "refund_by_shop_and_decision")
    assert [index for index in indexes if f"using {index}" not in plan] == [], plan
    assert re.search(r"Index Cond: .*shop_id = .* AND \(order_id >= .* AND \(order_id < ", plan), plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": 93}, {"last_day": "1999-12-31"}, {"last_day": "2026-02-29"}], ids=str
)
def test_days_that_do_not_exist_or_are_too_many_are_refused(sales, wrong):
    with pytest.raises(Misshapen):
        sales(**wrong)


def test_the_sales_of_another_shop_are_refused(call, merchant):
    with pytest.raises(Forbidden):
        call("get_shop_sales", merchant, shop_id=str(new_id()))
