"""Texts in requests are normalised before they are stored; invalid ones are refused by their field."""

import pytest

from orders.checkout.use_cases.check_out import address
from orders.fulfilment.carriers import Report
from services.orders.tests.quotes import ADDRESS, CONTACT, a_request
from shared import places, shapes
from shared.contracts.orders import requests
from shared.ids import new_id
from shared.shapes import Misshapen


def check_out(**rest):
    return shapes.load(requests.CheckOut, a_request("token", **rest))


def ship(number):
    return shapes.load(
        requests.ShipOrder, {"order_id": str(new_id()), "carrier": "sf ", "tracking_number": number}
    )


def test_a_tracking_number_with_blanks_matches_the_number_that_the_carrier_reports():
    report = {"tracking_number": "SF1234", "event": "delivered", "at": "2026-01-01T00:00:00Z", "text": "ok\x07"}
    assert ship(" SF 12\u200b34 ").tracking_number == shapes.load(Report, report).tracking_number
    assert ship("SF1234").carrier == "sf"


def test_names_addresses_and_notes_do_not_change_the_writing_direction():
    contact = {"name": "\u202e静周\u202c", "phone": "\u202a138 0013 8000\u202c"}
    request = check_out(
        contact=contact, address={**ADDRESS, "street": "北山街\u2066 84 号"}, note="放门口\u202e\r\n谢谢 "
    )
    assert (request.contact.name, request.contact.phone) == ("静周", "138 0013 8000")
    assert (request.address.street, request.note) == ("北山街 84 号", "放门口\n谢谢")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("address", {"street": "\u3000\u200b"}),
        ("contact", {"phone": "<img src=x onerror=alert(1)>"}),
        ("contact", {"phone": "13800138000\x1b[0m"}),
        ("contact", {"name": "\u2800"}),
        ("contact", {"name": "周\n静"}),
    ],
)
def test_an_invalid_text_is_refused_by_its_field(field, wrong):
    known = {"address": ADDRESS, "contact": CONTACT}[field]
    with pytest.raises(Misshapen) as refused:
        check_out(**{field: {**known, **wrong}})
    assert set(refused.value.errors[field]) == set(wrong)


def test_an_address_with_a_code_needs_no_names_and_they_may_be_empty():
    by_code = {"division_code": "330106", "province": "", "city": " ", "district": "", "street": "北山街 84 号"}
    assert address(check_out(address=by_code).address)["city"] == "杭州市"


def test_an_address_without_a_code_needs_its_city():
    with pytest.raises(places.PlaceIncomplete) as refused:
        address(check_out(address={**ADDRESS, "city": " "}).address)
    assert refused.value.facts["field"] == "city"


def test_a_report_from_another_century_is_refused():
    report = {"tracking_number": "SF1", "event": "delivered", "at": "9999-12-31T00:00:00Z"}
    with pytest.raises(Misshapen) as refused:
        shapes.load(Report, report)
    assert set(refused.value.errors) == {"at"}
