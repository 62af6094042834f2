"""The number of SQL statements while a refund is decided on."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from services.orders.tests.quotes import a_quoted_line, a_quoted_shop
from shared.ids import new_id


@pytest.fixture
def requests(call, confirmed, shopper, merchant):
    """Three requests for one unit each of an order with four."""
    (shop_id,) = merchant.shops
    (order,) = confirmed(a_quoted_shop(a_quoted_line(quantity=4), shop_id=shop_id))["orders"]
    call("accept_order", merchant, order_id=order["order_id"])
    lines = [{"line_id": order["lines"][0]["line_id"], "quantity": 1}]
    about = {"order_id": order["order_id"], "reason_text": "不要了", "lines": lines, "whole": False}
    return [call("request_refund", shopper, **about, idempotency_key=str(new_id()))["refund_id"] for _ in range(3)]


@pytest.fixture
def statements(open_work):
    """Record the statements of a block."""

    @contextmanager
    def recorded():
        made = []

        def note(_connection, _cursor, statement, *_):
            made.append(statement)

        sa.event.listen(open_work.engine, "before_cursor_execute", note)
        yield made
        sa.event.remove(open_work.engine, "before_cursor_execute", note)

    return recorded


def count(made, *beginnings):
    return sum(each.replace("\n", " ").startswith(beginnings) for each in made)


def test_a_paid_refund_updates_the_order_row_once(call, peers, requests, merchant, statements):
    peers.refunds_are_slow = True
    call("approve_refund", merchant, refund_id=requests[0])
    peers.answer_all()
    with statements() as made:
        peers.refunds_arrive()
    assert count(made, "UPDATE orders ") == 1


def test_the_data_of_the_amounts_is_read_once_however_many_requests_are_open(call, requests, merchant, statements):
    with statements() as made:
        call("approve_refund", merchant, refund_id=requests[0])
    assert count(made, "SELECT parcel.") == 1
    of_order = [each for each in made if each.startswith("SELECT refund.") and "WHERE refund.order_id" in each]
    assert len(of_order) == 1
