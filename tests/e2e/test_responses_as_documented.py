"""A day in the shop, with every response compared with the API document."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.e2e.people import ADDRESS, CONTACT


class Document:
    """The API document of the gateway, which checks responses."""

    def __init__(self, document):
        self.document, self.seen = document, set()
        self.paths = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in document["paths"]]

    def check(self, response):
        """Fail unless the response's status, media type and shape are as documented."""
        response.read()
        method, place = response.request.method.lower(), urlsplit(str(response.request.url)).path
        path = next(path for pattern, path in self.paths if pattern.fullmatch(place))
        operation = self.document["paths"][path][method]
        documented = operation["responses"][str(response.status_code)]
        self.seen.add(operation["operationId"])
        for media_type, content in documented.get("content", {}).items():
            assert response.headers["content-type"].startswith(media_type)
            self._check(content["schema"], response.json(), f"{method} {path}")

    def _check(self, schema, answer, what):
        rules = {**schema, "components": self.document["components"]}
        wrong = [
            e.json_path + ": " + e.message
            for e in Draft202012Validator(rules, format_checker=FormatChecker()).iter_errors(answer)
        ]
        assert not wrong, f"{what}: {wrong}"


@pytest.fixture
def document(shop_system):
    return Document(httpx.get(f"{shop_system.url}/openapi.json").json())


@pytest.fixture
def checked(document):
    """Lets every response to a user be checked."""

    def person(one):
        one.http.event_hooks = {"response": [document.check]}
        return one

    return person


def test_every_response_of_a_day_in_the_shop_is_as_documented(
    checked, document, shopper, operator, guest, two_shops, merchant_of, provider
):
    mei, boss, visitor = checked(shopper), checked(operator), checked(guest)
    product = two_shops[0]
    sku, owner = product["skus"][0]["sku_id"], checked(merchant_of(product))
    browses(visitor, product, sku)
    saves_cart_and_addresses(mei, sku)
    mei.put(f"/cart/lines/{sku}", {"quantity": 1})
    placed = mei.checks_out((sku, 2))
    code_url = mei.waits_for_qr_code(placed)
    provider.pays(code_url)
    (order,) = mei.waits_for(placed, "confirmed")["orders"]
    manages_the_shop(owner, product, sku, order)
    sells_and_refunds(mei, owner, order)
    operates(boss, placed)
    assert len(document.seen) >= 40


def browses(visitor, product, sku):
    visitor.get("/shops", limit=1)
    visitor.get(f"/shops/{product['shop_id']}")
    visitor.get("/products", limit=3, sort="price_up")
    visitor.get("/categories")
    visitor.get(f"/products/{product['product_id']}")
    visitor.get("/coupon-campaigns")
    cart = visitor.post("/guest-carts")
    line = visitor.put(f"/guest-carts/{cart['cart_id']}/lines/{sku}", {"quantity": 2})["lines"][0]
    assert line["sku"]["product_id"] == product["product_id"]
    visitor.refused("GET", "/me")


def saves_cart_and_addresses(mei, sku):
    mei.get("/me")
    address = {**ADDRESS, "contact": CONTACT["name"], "phone": CONTACT["phone"]}
    kept = mei.post("/me/addresses", address)
    mei.put(f"/me/addresses/{kept['address_id']}", {**address, "is_default": True})
    mei.get("/me/addresses")
    for campaign in mei.get("/coupon-campaigns")["items"]:
        mei.post(f"/coupon-campaigns/{campaign['campaign_id']}/claims")
    mei.get("/me/coupons")
    mei.put(f"/cart/lines/{sku}", {"quantity": 3})
    assert mei.get("/cart")["lines"][0]["sku"]["title"]
    mei.refused("PUT", f"/cart/lines/{sku}", {"quantity": 0})


def manages_the_shop(owner, product, sku, order):
    shop = product["shop_id"]
    owner.get("/merchant/products", shop_id=shop, limit=2)
    owner.get(f"/merchant/products/{product['product_id']}")
    new = {
        "shop_id": shop,
        "title": "脆扶手椅",
        "skus": [{"price": {"amount": 19900, "currency": "CNY"}, "stock": 3}],
    }
    draft = owner.post("/merchant/products", new)
    owner.post(f"/merchant/products/{draft['product_id']}/publish")
    owner.post(f"/merchant/products/{draft['product_id']}/withdraw")
    owner.post(f"/merchant/skus/{sku}/stock", {"change": 5, "reason": "盘点"})
    owner.get(f"/merchant/skus/{sku}/stock", limit=2)
    owner.get("/merchant/orders", shop_id=shop, limit=2)
    owner.get("/merchant/coupon-campaigns", shop_id=shop)
    owner.get("/merchant/refunds", shop_id=shop)
    owner.get(f"/merchant/orders/{order['order_id']}")


def sells_and_refunds(mei, owner, order):
    place = f"/orders/{order['order_id']}"
    owner.post(f"/merchant{place}/accept")
    owner.post(f"/merchant{place}/ship", {"carrier": "sf-express", "tracking_number": uuid4().hex})
    mei.get("/orders", limit=2)
    wanted = [{"line_id": order["lines"][0]["line_id"], "quantity": 1}]
    refund = mei.post(f"{place}/refunds", {"lines": wanted, "reason_text": "一件坏了"})
    mei.get(f"{place}/refunds")
    owner.post(f"/merchant/refunds/{refund['refund_id']}/approve")
    mei.get(place)


def operates(boss, placed):
    saga = boss.get("/operator/sagas", limit=3)["items"][0]
    boss.get(f"/operator/sagas/{saga['saga_id']}")
    boss.get("/operator/ledger/balance")
    boss.get("/operator/refunds")
    boss.get("/operator/unidentified")
    boss.get(f"/operator/payments/{placed['payment_id']}")
