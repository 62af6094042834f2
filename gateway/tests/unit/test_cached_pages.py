"""Cached answers behind the API: which requests they save, and what outdates them."""

import json
from dataclasses import replace

import pytest

from gateway.app import build
from gateway.changes import Changes
from gateway.memory import Memory
from gateway.tests.doubles import OPERATOR, SHOPPER, Client, bearer
from shared.contracts.catalog import AvailabilityChanged, ProductChanged
from shared.contracts.orders import OrderConfirmed
from shared.contracts.payments import PaymentOpened
from shared.contracts.users import ShopSuspended
from shared.errors import NotFound
from shared.ids import new_id

PRODUCT, SKU, SHOP, CHECKOUT, ORDER, PAYMENT = (str(new_id()) for _ in range(6))
PREFIX = "/api/v1"
PAGE, LISTING, STATUS = f"{PREFIX}/products/{PRODUCT}", f"{PREFIX}/products", f"{PREFIX}/checkouts/{CHECKOUT}"
ANSWERS = {
    "catalog.get_product": {"product_id": PRODUCT, "shop_id": SHOP, "skus": [{"sku_id": SKU, "available": 3}]},
    "catalog.list_products": {"items": [{"product_id": PRODUCT}], "next": None},
    "orders.get_checkout": {"checkout_id": CHECKOUT, "orders": [{"order_id": ORDER}]},
    "payments.get_payment": {"payment_id": PAYMENT, "checkout_id": CHECKOUT},
    "orders.cancel_checkout": {"checkout_id": CHECKOUT},
    "catalog.publish_product": {"product_id": PRODUCT, "version": 2},
}


@pytest.fixture
def services(services):
    services.answers.update(ANSWERS)
    return services


@pytest.fixture
def api(config, services, wakeups, cache):
    return Client(build(config, services, wakeups, Memory(cache)))


@pytest.fixture
def happens(wakeups, cache):
    """Receive an event with these fields."""
    changes = Changes(wakeups, Memory(cache))

    def receive(event, **body):
        changes.received(event.topic, "", json.dumps(body).encode())

    return receive


def test_a_page_is_read_once_and_answered_word_for_word(api, services):
    first, second = api.get(PAGE), api.get(PAGE)
    assert len(services.requested) == 1
    assert (second.status_code, second.content) == (200, first.content)
    ignored = {"x-request-id", "date"}
    assert [(k, v) for k, v in second.headers.items() if k not in ignored] == [
        (k, v) for k, v in first.headers.items() if k not in ignored
    ]


def test_a_client_that_has_the_page_gets_304_without_a_body(api):
    tag = api.get(PAGE).headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        answer = api.get(PAGE, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert api.get(PAGE, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("event", "body"),
    [
        (ProductChanged, {"product_id": PRODUCT}),
        (AvailabilityChanged, {"sku_ids": [str(new_id()), SKU]}),
        (ShopSuspended, {"shop_id": SHOP}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_events_of_a_product_its_stock_and_its_shop_outdate_its_page(api, services, happens, event, body):
    api.get(PAGE)
    happens(event, **body)
    services.answers["catalog.get_product"] = {"product_id": PRODUCT, "title": "new"}
    assert api.get(PAGE).json()["title"] == "new"


def test_events_of_other_products_outdate_lists_but_no_page(api, services, happens):
    api.get(PAGE)
    api.get(LISTING)
    happens(ProductChanged, product_id=str(new_id()))
    api.get(PAGE)
    api.get(LISTING)
    assert [method for method, _ in services.requested] == [
        "catalog.get_product",
        "catalog.list_products",
        "catalog.list_products",
    ]


def test_events_of_a_product_outdate_no_other_page_of_its_shop(api, services, happens):
    api.get(PAGE)
    happens(ProductChanged, product_id=str(new_id()), shop_id=SHOP)
    api.get(PAGE)
    assert len(services.requested) == 1


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")], ids=["as published", "with spaces"])
@pytest.mark.parametrize("first", ["product_id", "shop_id"])
def test_the_product_of_an_event_is_found_however_it_is_written(api, services, wakeups, cache, separators, first):
    api.get(PAGE)
    body = {first: "", "shop_id": SHOP, "product_id": PRODUCT, "title": '{"product_id":"'}
    written = json.dumps(body, separators=separators).encode()
    Changes(wakeups, Memory(cache)).received(ProductChanged.topic, "", written)
    api.get(PAGE)
    assert len(services.requested) == 2


def test_each_address_is_a_page_and_ignored_parameters_make_none(api, services, cache):
    for query in ("", "?limit=5", "?limit=5"):
        api.get(LISTING + query)
    assert (len(services.requested), len(cache)) == (2, 2)
    for number in range(3):
        api.get(f"{LISTING}?ignored={number}")
    assert (len(services.requested), len(cache)) == (5, 2)


def test_readers_of_a_cached_page_are_still_counted_and_their_tokens_checked(config, services, wakeups, cache):
    api = Client(build(replace(config, rate=0.01, burst=3), services, wakeups, Memory(cache)))
    assert [api.get(PAGE).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert api.get(PAGE, headers={"Authorization": "Bearer forged"}).status_code in (401, 429)
    unlimited = Client(build(config, services, wakeups, Memory(cache)))
    refused = unlimited.get(PAGE, headers={"Authorization": "Bearer forged"})
    assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")


def test_a_missing_product_is_not_cached(api, services, cache):
    services.answers["catalog.get_product"] = NotFound()
    assert [api.get(PAGE).status_code for _ in range(2)] == [404, 404]
    assert (len(services.requested), len(cache)) == (2, 0)


def test_polls_of_a_checkout_call_only_the_service_in_which_something_happened(api, services, happens):
    for _ in range(3):
        assert api.get(STATUS, headers=bearer()).json()["payment"]["payment_id"] == PAYMENT
    happens(PaymentOpened, payment_id=PAYMENT, checkout_id=CHECKOUT)
    api.get(STATUS, headers=bearer())
    happens(OrderConfirmed, order_id=ORDER)
    api.get(STATUS, headers=bearer())
    called = [method for method, _ in services.requested]
    assert sorted(called[:2]) == ["orders.get_checkout", "payments.get_payment"]
    assert called[2:] == ["payments.get_payment", "orders.get_checkout"]


def test_a_cached_answer_of_one_caller_is_not_shown_to_another(api, services):
    api.get(STATUS, headers=bearer(SHOPPER))
    services.answers["orders.get_checkout"] = NotFound()
    assert api.get(STATUS, headers=bearer(OPERATOR)).status_code == 404
    assert api.get(STATUS, headers=bearer(SHOPPER)).status_code == 200


def test_whoever_changes_something_reads_the_new_state_at_once(api, services):
    api.get(STATUS, headers=bearer())
    services.answers["orders.get_checkout"] = {"checkout_id": CHECKOUT, "state": "cancelled", "orders": []}
    api.post(f"{STATUS}/cancel", headers=bearer(), json={})
    assert api.get(STATUS, headers=bearer()).json()["state"] == "cancelled"


def test_a_merchants_change_is_on_the_lists_at_once(api, services):
    api.get(LISTING)
    services.answers["catalog.list_products"] = {"items": [], "next": None}
    api.post(f"{PREFIX}/merchant/products/{PRODUCT}/publish", headers=bearer(OPERATOR), json={})
    assert api.get(LISTING).json()["items"] == []
