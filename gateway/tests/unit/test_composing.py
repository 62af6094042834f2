from gateway.tests.doubles import bearer
from shared.answers import NoAnswer, NobodyThere, ServiceFailed
from shared.errors import Forbidden, NotFound
from shared.ids import new_id

SKU = str(new_id())
CART = {"cart_id": str(new_id()), "lines": [{"sku_id": SKU, "quantity": 2}]}


def test_a_cart_shows_what_is_in_it_with_one_question_more(api, services):
    services.answers |= {"orders.get_cart": CART, "catalog.skus": {"items": [{"sku_id": SKU, "title": "椅子"}]}}
    line = api.get("/api/v1/cart", headers=bearer()).json()["lines"][0]
    assert line == {"sku_id": SKU, "quantity": 2, "sku": {"sku_id": SKU, "title": "椅子"}}
    assert [method for method, _ in services.asked] == ["orders.get_cart", "catalog.skus"]


def test_an_empty_cart_asks_catalog_nothing(api, services):
    services.answers["orders.get_cart"] = {"cart_id": None, "lines": []}
    assert api.get("/api/v1/cart", headers=bearer()).json() == {"cart_id": None, "lines": []}


def test_a_cart_can_be_seen_without_catalog(api, services):
    services.answers |= {"orders.get_cart": CART, "catalog.skus": NobodyThere()}
    assert api.get("/api/v1/cart", headers=bearer()).json()["lines"][0]["sku"] is None


def test_a_checkout_comes_with_its_payment(api, services):
    services.answers |= {
        "orders.get_checkout": {"state": "placed"},
        "payments.get_payment": {"code_url": "weixin://"},
    }
    answer = api.get(f"/api/v1/checkouts/{new_id()}", headers=bearer()).json()
    assert answer == {"state": "placed", "payment": {"code_url": "weixin://"}}


def test_a_checkout_can_be_seen_before_there_is_a_payment_and_while_payments_is_away(api, services):
    services.answers["orders.get_checkout"] = {"state": "placed"}
    for none in (NotFound(), NobodyThere(), NoAnswer(), ServiceFailed("KeyError")):
        services.answers["payments.get_payment"] = none
        assert api.get(f"/api/v1/checkouts/{new_id()}", headers=bearer()).json()["payment"] is None


def test_somebody_elses_checkout_is_unknown_whatever_payments_says(api, services):
    services.answers["orders.get_checkout"] = NotFound(code="unknown_checkout")
    services.answers["payments.get_payment"] = Forbidden()
    assert api.get(f"/api/v1/checkouts/{new_id()}", headers=bearer()).json()["code"] == "unknown_checkout"
