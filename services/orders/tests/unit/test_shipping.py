"""Parcels have what is left to ship, and their state only advances."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from orders.aftersale.model import refund as rules
from orders.aftersale.model.states import RefundReason, RefundState
from orders.fulfilment.model import shipping
from orders.fulfilment.model.parcel import (
    CallbackForged,
    ImplausibleTime,
    Parcel,
    ParcelState,
    Trace,
    check_signature,
    check_time,
    matching,
)
from orders.fulfilment.model.shipping import ShipmentQuantityExceeded
from orders.fulfilment.model.states import OrderState, TransitionNotAllowed
from services.orders.tests.builders import MORNING, an_order
from shared.ids import new_id

EARLIER = MORNING.replace(hour=7)
KEY = b"the key of a carrier"
BODY = '{"event": "delivered"}'


def in_preparation():
    return an_order(state=OrderState.PREPARING)


def a_parcel(lines, state=ParcelState.SHIPPED):
    return Parcel(
        parcel_id=new_id(),
        order_id=new_id(),
        shop_id=new_id(),
        carrier="sf-express",
        tracking_number="SF1",
        state=state,
        lines=lines,
        shipped_at=MORNING,
    )


def test_a_parcel_without_lines_has_all_that_is_left():
    order = in_preparation()
    teapot, cups = order.lines
    assert shipping.pack(order, [], {}, {}) == {str(teapot.line_id): 1, str(cups.line_id): 2}
    sent = a_parcel({str(cups.line_id): 2})
    assert shipping.pack(order, [sent], {}, {}) == {str(teapot.line_id): 1}


def test_an_order_is_shipped_when_every_unit_without_a_refund_request_is():
    order = in_preparation()
    teapot, cups = order.lines
    sent = a_parcel({str(teapot.line_id): 1, str(cups.line_id): 1})
    assert not shipping.all_sent(order, [sent], {})
    about = {
        "refund_id": new_id(),
        "state": RefundState.REQUESTED,
        "reason": RefundReason.REQUESTED_BY_BUYER,
        "requested_at": MORNING,
    }
    requested = rules.claim(order, [(cups.line_id, 1)], unsent={cups.line_id: 1}, **about)
    assert shipping.all_sent(order, [sent], rules.kept_back([requested]))
    requested.move(RefundState.REFUSED)
    assert not shipping.all_sent(order, [sent], rules.kept_back([requested]))


def test_no_unit_is_shipped_twice():
    order = in_preparation()
    cups = order.lines[1]
    with pytest.raises(ShipmentQuantityExceeded):
        shipping.pack(order, [a_parcel({str(cups.line_id): 1})], {}, {cups.line_id: 2})


@pytest.mark.parametrize("state", [s for s in OrderState if s is not OrderState.PREPARING])
def test_only_an_order_in_preparation_is_shipped(state):
    with pytest.raises(TransitionNotAllowed):
        shipping.pack(an_order(state=state), [], {}, {})


def test_a_late_carrier_report_does_not_set_a_parcel_back():
    parcel = a_parcel({})
    assert shipping.advance(parcel, Trace(at=MORNING, event=ParcelState.DELIVERED))
    assert not shipping.advance(parcel, Trace(at=MORNING, event=ParcelState.IN_TRANSIT))
    assert (parcel.state, parcel.delivered_at) == (ParcelState.DELIVERED, MORNING)


def signed(body=BODY, at=MORNING, key=KEY, carrier="sf-express"):
    sent = str(int(at.timestamp()))
    return f"t={sent},v1={hmac.new(key, f'{sent}.{carrier}.{body}'.encode(), hashlib.sha256).hexdigest()}"


def test_a_signed_carrier_report_is_accepted():
    check_signature(KEY, "sf-express", signed(), BODY, MORNING)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1",
        "v1=00",
        "t=abc,v1=00",
        signed(key=b"other"),
        signed(carrier="yto"),
        signed(body="{}"),
        signed(at=MORNING.replace(hour=7)),
    ],
)
def test_a_forged_changed_or_old_carrier_report_is_refused(header):
    with pytest.raises(CallbackForged):
        check_signature(KEY, "sf-express", header, BODY, MORNING)


@pytest.mark.parametrize("at", [MORNING + timedelta(minutes=11), MORNING - timedelta(days=31)])
def test_an_event_in_the_future_or_of_last_month_is_refused(at):
    check_time(MORNING - timedelta(days=29), MORNING)
    with pytest.raises(ImplausibleTime):
        check_time(at, MORNING)


def test_an_event_before_the_shipment_is_refused():
    parcel = a_parcel({})
    assert matching([parcel], MORNING - timedelta(minutes=9)) == [parcel]
    with pytest.raises(ImplausibleTime):
        matching([parcel], EARLIER)


def test_an_event_matches_the_parcel_that_was_in_transit_then():
    arrived, later = a_parcel({}), a_parcel({})
    arrived.delivered_at, later.shipped_at = MORNING + timedelta(hours=1), MORNING + timedelta(days=1)
    assert matching([arrived, later], MORNING + timedelta(minutes=30)) == [arrived]
    assert matching([arrived, later], MORNING + timedelta(days=2)) == [later]
    assert matching([arrived], MORNING + timedelta(days=2)) == [arrived]
    both = [a_parcel({}), a_parcel({})]
    assert matching(both, MORNING + timedelta(days=2)) == both
