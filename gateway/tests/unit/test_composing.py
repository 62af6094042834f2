import pytest

from gateway.tests.doubles import bearer
from shared.answers import NoAnswer, ServiceFailed, ServiceUnavailable
from shared.errors import Forbidden, NotFound
from shared.ids import new_id

SKU = str(new_id())
CARD = {"sku_id": SKU, "product_id": str(new_id()), "shop_id": str(new_id()), "title": "椅子"}
CART = {"cart_id": str(new_id()), "lines": [{"sku_id": SKU, "quantity": 2}]}


def test_a_cart_shows_its_skus_with_one_more_call(api, services):
    services.answers |= {
        "orders.get_cart": CART,
        "catalog.get_skus": {"items": [CARD]},
    }
    line = api.get("/api/v1/cart", headers=bearer()).json()["lines"][0]
    assert line == {"sku_id": SKU, "quantity": 2, "sku": CARD}
    assert [method for method, _ in services.requested] == ["orders.get_cart", "catalog.get_skus"]


def test_an_empty_cart_makes_no_call_to_catalog(api, services):
    services.answers["orders.get_cart"] = {"cart_id": None, "lines": []}
    assert api.get("/api/v1/cart", headers=bearer()).json() == {"cart_id": None, "lines": []}


def test_a_cart_is_shown_while_catalog_is_unavailable(api, services):
    services.answers |= {"orders.get_cart": CART, "catalog.get_skus": ServiceUnavailable()}
    assert api.get("/api/v1/cart", headers=bearer()).json()["lines"][0]["sku"] is None


def test_a_checkout_comes_with_its_payment(api, services):
    services.answers |= {
        "orders.get_checkout": {"state": "placed"},
        "payments.get_payment": {"pay_action": {"kind": "none"}},
    }
    answer = api.get(f"/api/v1/checkouts/{new_id()}", headers=bearer()).json()
    assert answer == {"state": "placed", "payment": {"pay_action": {"kind": "none"}}}


def test_a_checkout_is_shown_before_it_has_a_payment_and_while_payments_is_unavailable(api, services):
    services.answers["orders.get_checkout"] = {"state": "placed"}
    for none in (NotFound(), ServiceUnavailable(), NoAnswer(), ServiceFailed("KeyError")):
        services.answers["payments.get_payment"] = none
        assert api.get(f"/api/v1/checkouts/{new_id()}", headers=bearer()).json()["payment"] is None


def test_a_checkout_of_another_shopper_is_not_found_whatever_payments_answers(api, services):
    services.answers["orders.get_checkout"] = NotFound(code="checkout_not_found")
    services.answers["payments.get_payment"] = Forbidden()
    assert api.get(f"/api/v1/checkouts/{new_id()}", headers=bearer()).json()["code"] == "checkout_not_found"


QUOTED = {"quote_id": str(new_id()), "shops": [{"shop_id": "s", "lines": [{"sku_id": SKU, "quantity": 2}]}]}
BASKET = {"lines": [{"sku_id": SKU, "quantity": 2}], "province": "浙江省"}


@pytest.mark.parametrize(
    ("available", "on_shelf", "stock"),
    [
        (2, True, {"code": "available", "available": 2}),
        (1, True, {"code": "short", "available": 1}),
        (9, False, {"code": "short", "available": 0}),
    ],
)
def test_a_quote_warns_of_short_stock_line_by_line(api, services, available, on_shelf, stock):
    card = {**CARD, "available": available, "on_shelf": on_shelf}
    services.answers |= {"marketing.request_quote": QUOTED, "catalog.get_skus": {"items": [card]}}
    answer = api.post("/api/v1/quotes", json=BASKET, headers=bearer())
    assert answer.status_code == 200
    assert answer.json()["shops"] == [{"shop_id": "s", "lines": [{**BASKET["lines"][0], "stock": stock}]}]


def test_a_quote_is_returned_while_catalog_is_unavailable(api, services):
    services.answers |= {"marketing.request_quote": QUOTED, "catalog.get_skus": NoAnswer()}
    assert (
        api.post("/api/v1/quotes", json=BASKET, headers=bearer()).json()["shops"][0]["lines"][0]["stock"] is None
    )
