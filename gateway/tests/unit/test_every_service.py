"""Calls to all services at once, and to one of them."""

import pytest

from gateway.every_service import SERVICES
from gateway.tests.doubles import OPERATOR, SHOPPER, bearer
from shared.answers import ServiceFailed, ServiceUnavailable
from shared.errors import Conflict
from shared.ids import new_id

DEAD_LETTERS = "/api/v1/operator/dead-letters"
IDS = [str(new_id()) for _ in range(6)]  # oldest first


def pages(services, **found):
    """Each service returns these dead letters, on a single page."""
    for service in SERVICES:
        items = [{"dead_letter_id": dead_letter_id} for dead_letter_id in found.get(service, [])]
        services.answers[f"{service}.list_dead_letters"] = {"items": items, "next": None}


@pytest.fixture
def listed(api):
    def _listed(query=""):
        return api.get(f"{DEAD_LETTERS}{query}", headers=bearer(OPERATOR)).json()

    return _listed


def test_the_dead_letters_of_all_services_are_one_list_newest_first(services, listed):
    pages(services, catalog=[IDS[4], IDS[0]], orders=[IDS[3], IDS[1]], users=[IDS[2]])
    answer = listed()
    assert [(one["service"], one["dead_letter_id"]) for one in answer["items"]] == [
        ("catalog", IDS[4]), ("orders", IDS[3]), ("users", IDS[2]), ("orders", IDS[1]), ("catalog", IDS[0]),
    ]  # fmt: skip
    assert (answer["next"], answer["unanswered"]) == (None, [])


def test_the_cursor_of_a_page_is_its_last_item_of_any_service(services, listed):
    pages(services, catalog=[IDS[4], IDS[0]], orders=[IDS[3], IDS[1]])
    answer = listed("?limit=2")
    assert [one["dead_letter_id"] for one in answer["items"]] == [IDS[4], IDS[3]]
    assert answer["next"] == IDS[3]
    listed(f"?limit=2&cursor={IDS[3]}")
    assert services.requested[-1] == ("users.list_dead_letters", {"limit": 2, "cursor": IDS[3]})


def test_a_page_filled_by_one_service_has_a_next_page(services, listed):
    pages(services)
    services.answers["payments.list_dead_letters"] = {"items": [{"dead_letter_id": IDS[5]}], "next": IDS[5]}
    assert listed("?limit=1")["next"] == IDS[5]


@pytest.mark.parametrize("failure", [ServiceUnavailable(), ServiceFailed("KeyError")])
def test_an_unavailable_service_is_named_and_the_others_are_listed(services, listed, failure):
    pages(services, orders=[IDS[0]])
    services.answers["catalog.list_dead_letters"] = failure
    answer = listed()
    assert (answer["unanswered"], [one["service"] for one in answer["items"]]) == (["catalog"], ["orders"])


def test_without_any_answer_the_request_fails(services, api):
    services.answers |= {f"{service}.list_dead_letters": ServiceUnavailable() for service in SERVICES}
    assert api.get(DEAD_LETTERS, headers=bearer(OPERATOR)).status_code == 503


def test_one_service_is_called_alone_and_an_unknown_one_is_not_found(services, api, listed):
    pages(services, orders=[IDS[0]])
    assert [one["dead_letter_id"] for one in listed("?service=orders")["items"]] == [IDS[0]]
    assert [method for method, _ in services.requested] == ["orders.list_dead_letters"]
    for path in (f"{DEAD_LETTERS}?service=unknown", f"{DEAD_LETTERS}/unknown/{IDS[0]}"):
        answer = api.get(path, headers=bearer(OPERATOR))
        assert (answer.status_code, answer.json()["code"]) == (404, "service_not_found")


def test_a_dead_letter_is_retried_by_the_service_in_the_path_which_may_refuse(services, api):
    path = f"{DEAD_LETTERS}/orders/{IDS[0]}/retry"
    services.answers["orders.retry_dead_letter"] = {"dead_letter_id": IDS[0]}
    answer = api.post(path, headers=bearer(OPERATOR), json={"note": "catalog is back"})
    assert answer.json() == {"service": "orders", "dead_letter_id": IDS[0]}
    requested = {"dead_letter_id": IDS[0], "note": "catalog is back"}
    assert services.requested == [("orders.retry_dead_letter", requested)]
    services.answers["orders.retry_dead_letter"] = Conflict(code="dead_letter_unreadable")
    assert api.post(path, headers=bearer(OPERATOR), json={}).json()["code"] == "dead_letter_unreadable"


def test_the_groups_of_all_services_are_one_list_the_largest_first(services, api):
    empty = {"items": [], "next": None}
    services.answers |= {f"{service}.list_dead_letter_groups": empty for service in SERVICES}
    services.answers["catalog.list_dead_letter_groups"] = {"items": [{"number": 2}, {"number": 1}], "next": None}
    services.answers["users.list_dead_letter_groups"] = {"items": [{"number": 12}], "next": None}
    services.answers["orders.list_dead_letter_groups"] = ServiceUnavailable()
    answer = api.get(f"{DEAD_LETTERS}/groups", headers=bearer(OPERATOR)).json()
    assert [(each["service"], each["number"]) for each in answer["items"]] == [
        ("users", 12), ("catalog", 2), ("catalog", 1),
    ]  # fmt: skip
    assert answer["unanswered"] == ["orders"]


def test_the_switches_of_all_services_are_one_list_and_an_unavailable_service_is_named(services, api):
    services.answers |= {f"{service}.list_switches": {"items": [], "next": None} for service in SERVICES}
    services.answers["marketing.list_switches"] = {"items": [{"name": "coupons", "is_on": False}], "next": None}
    services.answers["users.list_switches"] = ServiceUnavailable()
    answer = api.get("/api/v1/operator/switches", headers=bearer(OPERATOR)).json()
    assert answer == {
        "items": [{"service": "marketing", "name": "coupons", "is_on": False}],
        "unanswered": ["users"],
    }


def test_a_switch_is_turned_by_the_service_in_the_path(services, api):
    services.answers["payments.set_switch"] = {"name": "pay.wechat", "is_on": False}
    turned = {"is_on": False, "reason": "the provider is down"}
    path = "/api/v1/operator/switches/payments/pay.wechat"
    answer = api.put(path, headers=bearer(OPERATOR), json=turned)
    assert answer.json() == {"service": "payments", "name": "pay.wechat", "is_on": False}
    assert services.requested == [("payments.set_switch", {"name": "pay.wechat", **turned})]


@pytest.mark.parametrize(
    "path",
    [DEAD_LETTERS, f"{DEAD_LETTERS}/orders/{IDS[0]}", "/api/v1/operator/log", "/api/v1/operator/switches"],
    ids=["dead letters", "dead letter", "log", "switches"],
)
def test_dl_08_a_shopper_has_no_access_to_dead_letters(services, api, path):
    assert api.get(path, headers=bearer(SHOPPER)).status_code == 403
    assert services.requested == []
