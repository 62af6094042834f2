"""A payment and a buyer are found by the number of an order, too, which orders knows."""

import pytest

from gateway.tests.doubles import OPERATOR, SHOPPER, bearer, problem
from shared.answers import ServiceUnavailable
from shared.ids import new_id

PATH = "/api/v1/operator/payments"
PEOPLE = "/api/v1/operator/accounts/find"
NUMBER, ORDER, BUYER = "20261127501840000001", str(new_id()), str(new_id())
FOUND = {"items": [{"payment_id": str(new_id())}], "next": None}


@pytest.fixture
def find(api, services):
    services.answers |= {
        "orders.find_orders": {"items": [{"order_id": ORDER, "buyer_id": BUYER}], "next": None},
        "payments.find_payments": FOUND,
    }
    return lambda number: api.get(PATH, params={"q": number}, headers=bearer(OPERATOR))


def test_the_number_of_an_order_is_replaced_by_its_id(find, services):
    assert find(NUMBER).json() == FOUND
    assert services.requested == [("orders.find_orders", {"q": NUMBER}), ("payments.find_payments", {"q": ORDER})]


def test_a_number_that_no_order_has_is_still_searched(find, services):
    services.answers["orders.find_orders"] = {"items": [], "next": None}
    find(NUMBER)
    assert services.requested[-1] == ("payments.find_payments", {"q": NUMBER})


@pytest.mark.parametrize("number", [ORDER, "4200001234202611271234567890", "abc"], ids=["id", "provider", "other"])
def test_any_other_number_needs_no_call_to_orders(find, services, number):
    find(number)
    assert services.requested == [("payments.find_payments", {"q": number})]


def test_without_orders_an_orders_number_is_not_said_to_be_unknown(find, services):
    services.answers["orders.find_orders"] = ServiceUnavailable()
    assert problem(find(NUMBER)) == (503, "service_unavailable")


def test_the_search_is_for_operators_and_needs_a_number(api, services):
    for path in (PATH, "/api/v1/operator/orders"):
        assert api.get(path, params={"q": NUMBER}, headers=bearer(SHOPPER)).status_code == 403
    for params in ({}, {"q": ""}, {"q": "x" * 65}):
        assert api.get(PATH, params=params, headers=bearer(OPERATOR)).status_code == 422
    assert services.requested == []


def test_the_buyer_of_an_order_is_found_by_its_number_which_is_in_no_address(api, services):
    services.answers |= {
        "orders.find_orders": {"items": [{"order_id": ORDER, "buyer_id": BUYER}], "next": None},
        "users.find_people": {"items": [], "next": None},
    }
    assert api.post(PEOPLE, json={"q": f" {NUMBER} "}, headers=bearer(OPERATOR)).status_code == 200
    assert api.post(PEOPLE, json={"q": "mei@example.com"}, headers=bearer(OPERATOR)).status_code == 200
    assert services.requested == [
        ("orders.find_orders", {"q": NUMBER}),
        ("users.find_people", {"q": BUYER}),
        ("users.find_people", {"q": "mei@example.com"}),
    ]
    assert api.post(PEOPLE, json={"q": NUMBER}, headers=bearer(SHOPPER)).status_code == 403
