"""A buyer is erased once nothing is open; orders are kept without personal data."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import text

from orders import erasing
from orders.checkout.model.checkout import AccountErased
from orders.erasing import ERASER
from orders.service import OrdersService
from services.orders.tests.carrier_keys import reported
from services.orders.tests.quotes import a_quote, a_quoted_line, a_quoted_shop, a_request
from shared.auth import Caller
from shared.contracts import orders
from shared.contracts.orders import OpenMatter, OpenMatterKind
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import deliver, eventually, replied
from shared.testing.meeting import WAITING

AUDITOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.AUDITOR}))
RAW = """
    SELECT c.address, c.contact, c.note, s.note, r.reason_text FROM checkout c JOIN orders o USING (checkout_id)
    LEFT JOIN order_step s ON s.order_id = o.order_id LEFT JOIN refund r ON r.order_id = o.order_id
"""


@pytest.fixture
def erase(open_work, shopper):
    """Send the command to erase the shopper; returns the reply."""

    def send():
        (sent,) = deliver(OrdersService, open_work, orders.EraseBuyer(user_id=shopper.user_id))
        (answer,) = replied(open_work, sent.message_id)
        return answer

    return send


@pytest.fixture
def order(confirmed, merchant):
    (shop_id,) = merchant.shops
    return confirmed(a_quoted_shop(a_quoted_line(quantity=3), shop_id=shop_id))["orders"][0]


@pytest.fixture
def complete(call, shopper, merchant):
    """Ship, deliver and receive an order."""

    def run(order):
        of = {"order_id": order["order_id"]}
        call("accept_order", merchant, **of)
        call("ship_order", merchant, **of, carrier="sf-express", tracking_number="SF1", lines=[])
        call("record_carrier_event", None, **reported("SF1"))
        call("receive_order", shopper, **of)

    return run


def matter(kind, key):
    return OpenMatter(kind=OpenMatterKind(kind), id=key)


def test_an_open_checkout_prevents_the_erasure(call, shopper, sign, erase):
    placed = call("check_out", shopper, **a_request(sign(a_quote(shopper))))
    refused = erase()
    assert refused.reason == "matters_open"
    assert [str(each.kind) for each in refused.open] == ["checkout", "order"]
    assert str(refused.open[0].id) == placed["checkout_id"]


def test_an_open_order_prevents_the_erasure_and_nothing_is_erased(call, shopper, order, erase):
    assert [(each.kind, str(each.id)) for each in erase().open] == [("order", order["order_id"])]
    assert call("get_order", shopper, order_id=order["order_id"])["contact"]["name"]


def test_a_running_refund_prevents_the_erasure_until_it_is_paid(call, peers, shopper, order, erase):
    peers.refunds_are_slow = True
    call("cancel_order", shopper, order_id=order["order_id"], reason_text="买错了")
    peers.answer_all()
    assert "refund" in {str(each.kind) for each in erase().open}
    peers.refunds_arrive()
    peers.answer_all()
    assert isinstance(erase(), orders.BuyerErased)


def test_after_the_erasure_the_shop_sees_no_address_and_the_database_has_none(
    call, shopper, merchant, order, complete, erase, open_work
):
    complete(order)
    assert isinstance(erase(), orders.BuyerErased)
    seen = call("get_shop_order", merchant, order_id=order["order_id"])
    assert (seen["address"], seen["contact"], seen["note"]) == (None, None, "")
    assert seen["total"] == order["total"]
    with open_work() as work:
        values = {bytes(v) for row in work.connection.execute(text(RAW)) for v in row if v is not None}
        assert values == {b"\x00"}
        assert work.connection.scalar(sa.select(ERASER.left(shopper.user_id))) == 0


def test_a_repeated_command_gets_a_reply_and_erases_nothing(order, complete, erase):
    complete(order)
    assert (erase().rows > 0, erase().rows) == (True, 0)


def test_an_erased_buyer_cannot_order(call, shopper, sign, order, complete, erase):
    complete(order)
    erase()
    with pytest.raises(AccountErased):
        call("check_out", shopper, **a_request(sign(a_quote(shopper))))


def test_the_auditor_finds_personal_data_stored_after_the_erasure(
    call, shopper, order, complete, erase, open_work
):
    complete(order)
    erase()
    assert call("audit_erasures", AUDITOR) == {"items": [], "checked": 1, "next": None}
    with open_work() as work:
        work.connection.execute(
            text("UPDATE checkout SET note = '\\x01' WHERE buyer_id = :id"), {"id": shopper.user_id}
        )
    (found,) = call("audit_erasures", AUDITOR)["items"]
    assert (found["user_id"], found["left"]) == (str(shopper.user_id), 1)


def test_an_order_during_the_erasure_is_refused(call, shopper, sign, order, complete, open_work):
    complete(order)
    call("put_cart_line", shopper, sku_id=str(new_id()), quantity=1)
    request = a_request(sign(a_quote(shopper)))
    with ThreadPoolExecutor(1) as pool:
        with open_work() as work:
            work.carts.of_owner(shopper.user_id)  # locks the cart, as the erasure does first
            placed = pool.submit(call, "check_out", shopper, **request)
            eventually(lambda: work.connection.execute(WAITING).scalar_one() > 0)
            erasing.erase(work, shopper.user_id)
        with pytest.raises(AccountErased):
            placed.result()
    assert call("get_cart", shopper)["lines"] == []


def traces(open_work):
    with open_work() as work:
        rows = work.connection.execute(text("SELECT text FROM parcel_trace ORDER BY at"))
        return [bytes(row.text) for row in rows]


def test_a_carrier_report_after_the_erasure_is_stored_without_its_text(
    call, shopper, order, complete, erase, open_work
):
    complete(order)
    erase()
    call("record_carrier_event", None, **reported("SF1", text="林梅 has taken it"))
    assert traces(open_work) == [b"\x00", b"\x00"]
    with open_work() as work:
        assert work.connection.scalar(sa.select(ERASER.left(shopper.user_id))) == 0


def test_a_carrier_report_during_the_erasure_is_stored_without_its_text(call, shopper, order, complete, open_work):
    complete(order)
    with ThreadPoolExecutor(1) as pool:
        with open_work() as work:
            erasing.erase(work, shopper.user_id)
            report = pool.submit(call, "record_carrier_event", None, **reported("SF1", text="林梅 has taken it"))
            eventually(lambda: work.connection.execute(WAITING).scalar_one() > 0)
        report.result()
    assert traces(open_work) == [b"\x00", b"\x00"]


def test_erasing_one_buyer_erases_nothing_of_another(call, shopper, order, complete, erase, open_work):
    complete(order)
    other = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.SHOPPER}))
    deliver(OrdersService, open_work, orders.EraseBuyer(user_id=other.user_id))
    assert call("get_order", shopper, order_id=order["order_id"])["contact"]["name"]
