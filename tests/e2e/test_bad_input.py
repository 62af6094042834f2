"""Bad input and attacks: each is refused with a stable code and changes nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest


def sku(product):
    return product["skus"][0]["sku_id"]


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 1.5, "2", None, True])
def test_an_invalid_quantity_is_refused(shopper, two_shops, quantity):
    body = {"lines": [{"sku_id": sku(two_shops[0]), "quantity": quantity}], "province": "浙江省"}
    status, _ = shopper.refused("POST", "/quotes", body)
    assert status == 422
    assert shopper.refused("PUT", f"/cart/lines/{sku(two_shops[0])}", {"quantity": quantity})[0] == 422


def test_b4_thirty_equal_requests_at_once_create_one_checkout_with_equal_answers(shopper, two_shops):
    wanted, key = shopper.wanted(shopper.quote((sku(two_shops[0]), 1))), str(uuid4())
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: shopper.call("POST", "/checkouts", wanted, key=key), range(30)))
    assert {answer.status_code for answer in answers} <= {200, 201}, [a.text for a in answers]
    assert len({answer.text for answer in answers}) == 1
    checkout_id = answers[0].json()["checkout_id"]
    assert {o["checkout_id"] for o in shopper.get("/orders")["items"]} == {checkout_id}


def test_lesson_14_one_quote_in_two_tabs_creates_one_checkout(shopper, two_shops):
    wanted = shopper.wanted(shopper.quote((sku(two_shops[0]), 1)))
    with ThreadPoolExecutor(8) as pool:
        tabs = list(pool.map(lambda _: shopper.post("/checkouts", wanted), range(8)))
    assert len({tab["checkout_id"] for tab in tabs}) == 1


def test_an_idempotency_key_used_with_another_body_is_refused(shopper, two_shops):
    key = str(uuid4())
    shopper.post("/checkouts", shopper.wanted(shopper.quote((sku(two_shops[0]), 1))), key=key)
    other = shopper.wanted(shopper.quote((sku(two_shops[0]), 2)))
    assert shopper.refused("POST", "/checkouts", other, key=key) == (409, "idempotency_key_reused")


def test_a_checkout_without_an_idempotency_key_is_refused(shopper, two_shops):
    answer = shopper.call("POST", "/checkouts", shopper.wanted(shopper.quote((sku(two_shops[0]), 1))))
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_a_forged_quote_and_that_of_another_shopper_are_refused(shopper, another_shopper, two_shops):
    quote = shopper.quote((sku(two_shops[0]), 1))
    assert another_shopper.refused("POST", "/checkouts", another_shopper.wanted(quote))[0] == 409
    head, body, proof = quote["token"].split(".")
    forged = {"token": f"{head}.{body[:-4]}AAAA.{proof}"}
    assert shopper.refused("POST", "/checkouts", shopper.wanted(forged)) == (422, "quote_invalid")


def test_a_quote_for_another_zone_is_refused(shopper, two_shops):
    quote = shopper.quote((sku(two_shops[0]), 1), province="西藏自治区")
    assert shopper.refused("POST", "/checkouts", shopper.wanted(quote)) == (409, "quote_zone_different")


def test_an_order_and_checkout_of_another_shopper_are_not_found(shopper, another_shopper, two_shops):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    order = placed["orders"][0]["order_id"]
    for method, path in [
        ("GET", f"/orders/{order}"),
        ("POST", f"/orders/{order}/cancel"),
        ("GET", f"/checkouts/{placed['checkout_id']}"),
        ("POST", f"/checkouts/{placed['checkout_id']}/cancel"),
    ]:
        body = {"reason_text": "x"} if method == "POST" else None
        assert another_shopper.refused(method, path, body)[0] == 404
    assert shopper.checkout(placed)["state"] in {"placed", "confirmed"}


def test_m17_each_role_is_refused_the_requests_of_the_others(guest, shopper, products, merchant_of, operator):
    product = products[0]
    stranger = merchant_of(next(p for p in products if p["shop_id"] != product["shop_id"]))
    queries = [
        ("GET", f"/merchant/orders?shop_id={product['shop_id']}"),
        ("GET", f"/merchant/products/{product['product_id']}"),
        ("POST", f"/merchant/products/{product['product_id']}/withdraw"),
    ]
    for method, path in queries:
        body = {} if method == "POST" else None
        assert guest.refused(method, path, body)[0] == 401
        assert shopper.refused(method, path, body)[0] == 403
        assert stranger.refused(method, path, body)[0] in {403, 404}
    for path in ["/operator/sagas", "/operator/ledger/balance"]:
        assert guest.refused("GET", path)[0] == 401
        assert shopper.refused("GET", path)[0] == 403
        assert stranger.refused("GET", path)[0] == 403
    assert guest.get(f"/products/{product['product_id']}")["product_id"] == product["product_id"]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{not json", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"email": 1, "password": []}', "application/json", 422),
        (b"<a/>", "application/xml", 415),
        (b"\xff\xfe", "application/json", 400),
        (b'{"a":' * 2000, "application/json", 400),
    ],
)
def test_a_body_that_cannot_be_parsed_is_refused(shop_system, content, kind, status):
    answer = httpx.post(f"{shop_system.url}/api/v1/sessions", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"]


def test_a_body_of_ten_megabytes_is_refused_early(shop_system, shopper):
    headers = {"Authorization": f"Bearer {shopper.tokens['access_token']}", "Content-Type": "application/json"}
    answer = httpx.post(f"{shop_system.url}/api/v1/quotes", content=b" " * 10_000_000, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_unknown_ids_are_not_found_and_invalid_ids_are_refused(shopper):
    assert shopper.refused("GET", f"/orders/{uuid4()}")[0] == 404
    assert shopper.refused("GET", f"/products/{uuid4()}")[0] == 404
    assert shopper.refused("GET", "/orders/1%27%20OR%201=1")[0] in {404, 422}
    assert shopper.refused("POST", "/quotes", {"lines": [{"sku_id": str(uuid4()), "quantity": 1}]})[0] in {
        409,
        422,
    }


def test_m23_a_forged_and_a_replayed_notification_change_nothing(
    shop_system, shopper, two_shops, provider, operator
):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    shopper.waits_for_qr_code(placed)
    forged = {
        "Wechatpay-Timestamp": "1700000000",
        "Wechatpay-Nonce": "x" * 32,
        "Wechatpay-Signature": "AAAA",
        "Wechatpay-Serial": "PUB_KEY_ID_0",
        "Content-Type": "application/json",
    }
    sealed = {"ciphertext": "AAAA", "nonce": "a", "associated_data": ""}
    body = json.dumps({"id": "1", "event_type": "TRANSACTION.SUCCESS", "resource": sealed})
    for headers in (forged, {"Content-Type": "application/json"}):
        path = f"{shop_system.url}/api/v1/payments/wechat/notifications"
        answer = httpx.post(path, content=body, headers=headers, timeout=30)
        assert 400 <= answer.status_code < 500, answer.text
    assert operator.get(f"/operator/payments/{placed['payment_id']}")["payment"]["state"] == "open"


def test_an_unsigned_report_of_a_carrier_is_refused(carrier):
    assert (
        carrier({"carrier": "sf-express", "tracking_number": "SF0"}, "delivered", key="guess").status_code == 401
    )


def test_a_reused_refresh_token_ends_the_session(shopper):
    first = shopper.tokens["refresh_token"]
    second = shopper.post("/sessions/refresh", {"refresh_token": first})
    third = shopper.post("/sessions/refresh", {"refresh_token": second["refresh_token"]})
    assert shopper.refused("POST", "/sessions/refresh", {"refresh_token": first})[0] == 401
    assert shopper.refused("POST", "/sessions/refresh", {"refresh_token": third["refresh_token"]})[0] == 401


def test_m7_an_unlisted_product_is_not_shown_and_cannot_be_ordered(shopper, products, merchant_of):
    product = products[-1]
    merchant = merchant_of(product)
    quote = shopper.quote((sku(product), 1))
    merchant.post(f"/merchant/products/{product['product_id']}/withdraw")
    try:
        assert shopper.refused("GET", f"/products/{product['product_id']}") == (410, "product_unlisted")
        placed = shopper.post("/checkouts", shopper.wanted(quote))
        assert shopper.waits_for(placed, "cancelled")["reason"] == "off_shelf"
    finally:
        merchant.post(f"/merchant/products/{product['product_id']}/publish")


def test_lesson_02_more_than_the_stock_cannot_be_bought(shopper, products, merchant_of):
    product = products[1]
    left = merchant_of(product).get(f"/merchant/skus/{sku(product)}/stock")
    placed = shopper.checks_out((sku(product), left["available"] + 1))
    assert shopper.waits_for(placed, "cancelled")["reason"] == "out_of_stock"
