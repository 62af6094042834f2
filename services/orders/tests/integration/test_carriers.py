"""Carrier reports: signed by the carrier itself, and never applied to another shop's parcel."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from orders.fulfilment.model.parcel import (
    CallbackForged,
    CarrierNotFound,
    CarrierReportNotFound,
    ImplausibleTime,
    TrackingNumberTaken,
)
from services.orders.tests.carrier_keys import reported
from services.orders.tests.quotes import a_quoted_shop
from shared.auth import ANONYMOUS, Caller
from shared.contracts import orders
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import logged, published

NUMBER = "SF1088"


@pytest.fixture
def other_merchant():
    return Caller(new_id(), new_id(), frozenset({Role.MERCHANT}), frozenset({new_id()}))


@pytest.fixture
def operator():
    return Caller(new_id(), new_id(), frozenset({Role.OPERATOR}))


@pytest.fixture
def ship(call, confirmed):
    """Ship a cash on delivery order of a shop; returns it as the shop sees it."""

    def ship(seller, number=NUMBER, carrier="sf-express"):
        (shop_id,) = seller.shops
        (order,) = confirmed(a_quoted_shop(shop_id=shop_id), payment_method="cash_on_delivery")["orders"]
        call("accept_order", seller, order_id=order["order_id"])
        return call("ship_order", seller, order_id=order["order_id"], carrier=carrier, tracking_number=number)

    return ship


@pytest.fixture
def state(call, merchant, other_merchant):
    def read(order):
        seller = next(s for s in (merchant, other_merchant) if order["shop_id"] in map(str, s.shops))
        return call("get_shop_order", seller, order_id=order["order_id"])["state"]

    return read


def delivered(open_work):
    return [m for m in published(open_work) if isinstance(m, orders.OrderDelivered)]


def test_a_tracking_number_used_by_another_shop_first_is_accepted_and_flagged_for_both(
    call, ship, merchant, other_merchant
):
    first = ship(other_merchant)
    assert first["parcels"][0]["number_shared"] is False
    second = ship(merchant)
    assert second["parcels"][0]["number_shared"] is True
    seen = call("get_shop_order", other_merchant, order_id=first["order_id"])
    assert seen["parcels"][0]["number_shared"] is True
    with pytest.raises(TrackingNumberTaken):
        ship(merchant)


def test_a_report_that_matches_several_parcels_changes_none_and_waits_for_an_operator(
    call, ship, state, merchant, other_merchant, operator, open_work
):
    first, second = ship(other_merchant), ship(merchant)
    report = reported(NUMBER)
    for _ in range(2):
        assert call("record_carrier_event", ANONYMOUS, **report) == {}
    assert (state(first), state(second), delivered(open_work)) == ("shipped", "shipped", [])

    (waiting,) = call("list_carrier_reports", operator)["items"]
    assert (waiting["tracking_number"], waiting["event"]) == (NUMBER, "delivered")
    assert {p["order_id"] for p in waiting["parcels"]} == {first["order_id"], second["order_id"]}
    with open_work() as work:
        assert work.carrier_reports.count_open() == 1

    about = {"report_id": waiting["report_id"], "parcel_id": second["parcels"][0]["parcel_id"]}
    call("decide_carrier_report", operator, **about, note="运单底联是湖边茶铺的")
    assert (state(first), state(second), len(delivered(open_work))) == ("shipped", "delivered", 1)
    assert call("list_carrier_reports", operator)["items"] == []
    with open_work() as work:
        (entry,) = logged(work, action="carrier_report.decide")
    assert (entry["action"], entry["actor"]) == ("carrier_report.decide", str(operator.user_id))
    with pytest.raises(CarrierReportNotFound):
        call("decide_carrier_report", operator, **about, note="again")


def test_a_report_about_neither_parcel_is_closed_and_changes_nothing(
    call, ship, state, merchant, other_merchant, operator
):
    both = [ship(other_merchant), ship(merchant)]
    call("record_carrier_event", ANONYMOUS, **reported(NUMBER))
    (waiting,) = call("list_carrier_reports", operator)["items"]
    call("decide_carrier_report", operator, report_id=waiting["report_id"], parcel_id=None, note="查无此件")
    assert [state(order) for order in both] == ["shipped", "shipped"]
    assert call("list_carrier_reports", operator)["items"] == []


def test_the_same_number_with_another_carrier_is_another_parcel(call, ship, state, merchant, other_merchant):
    first, second = ship(other_merchant), ship(merchant, carrier="yto")
    call("record_carrier_event", ANONYMOUS, **reported(NUMBER, by="yto"))
    assert (state(first), state(second)) == ("shipped", "delivered")


def test_a_carrier_cannot_report_in_the_name_of_another(call, ship, state, merchant):
    order = ship(merchant)
    for forged in (reported(NUMBER, by="yto", to="sf-express"), reported(NUMBER, to="nobody-knows")):
        with pytest.raises(CallbackForged):
            call("record_carrier_event", ANONYMOUS, **forged)
    assert state(order) == "shipped"


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-31)])
def test_an_event_before_the_shipment_or_in_the_future_or_too_old_is_refused(call, ship, state, merchant, off):
    order = ship(merchant)
    with pytest.raises(ImplausibleTime):
        call("record_carrier_event", ANONYMOUS, **reported(NUMBER, at=datetime.now(UTC) + off))
    assert state(order) == "shipped"


def test_only_listed_carriers_are_accepted(call, ship, merchant):
    with pytest.raises(CarrierNotFound) as refusal:
        ship(merchant, carrier="my-cousin")
    assert refusal.value.facts == {"carriers": ["sf-express", "yto"]}
    assert [c["name"] for c in call("list_carriers", ANONYMOUS)["items"]] == ["sf-express", "yto"]
    assert "key" not in str(call("list_carriers", ANONYMOUS))


@pytest.mark.parametrize("setting", ["TOKEN_PUBLIC_KEY", "QUOTE_PUBLIC_KEY", "CARRIERS"])
def test_the_process_fails_at_its_start_without_a_strong_secret(keys, setting):
    environment = os.environ | keys | {"AMQP_URL": "amqp://nobody:nothing@127.0.0.1:1/", setting: "change-me"}
    run = [sys.executable, "-m", "shared.run", "orders"]
    ended = subprocess.run(run, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert f"WeakSecret: {setting}" in ended.stderr
