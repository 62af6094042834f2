"""What a request needs to reach a service, and how others are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.app import build
from gateway.tests.doubles import OPERATOR, SHOPPER, Client, bearer, problem
from gateway.wakeups import Wakeups
from shared import observe
from shared.answers import NoAnswer, ServiceFailed, ServiceUnavailable
from shared.auth import sign
from shared.errors import Conflict, Invalid, Kind, NotFound, Refusal
from shared.ids import new_id

JSON = {"Content-Type": "application/json"}
ACCOUNT = {"email": "mei@example.com", "password": "crunchy armchair", "name": "林梅"}


def test_unknown_parameters_are_ignored_whatever_they_contain(api, services):
    services.answers["users.get_me"] = {}
    assert api.get("/api/v1/me?a=1&a=2&b=%00", headers=bearer()).status_code == 200
    assert services.requested == [("users.get_me", {})]


def test_a_request_is_passed_to_the_service_with_path_query_body_and_key(api, services):
    services.answers["catalog.get_stock"] = {"items": []}
    sku = str(new_id())
    api.get(f"/api/v1/merchant/skus/{sku}/stock?limit=5&other=1", headers=bearer(OPERATOR))
    services.answers["users.add_address"] = {}
    address = {"contact": "梅", "phone": "13800138000", "province": "浙江", "city": "杭州", "street": "文三路"}
    api.post(
        "/api/v1/me/addresses", json=address | {"sneaked": 1}, headers={**bearer(), "Idempotency-Key": "home"}
    )
    assert services.requested == [
        ("catalog.get_stock", {"limit": 5, "sku_id": sku}),
        ("users.add_address", address | {"idempotency_key": "home"}),
    ]


def test_a_parameter_with_several_values_is_repeated_and_any_other_is_given_once(api, services):
    services.answers["orders.list_orders"] = {"items": [], "next": None}
    assert api.get("/api/v1/orders?state=shipped&state=delivered", headers=bearer()).status_code == 200
    assert api.get("/api/v1/orders?state=shipped", headers=bearer()).status_code == 200
    assert services.requested == [
        ("orders.list_orders", {"state": ["shipped", "delivered"]}),
        ("orders.list_orders", {"state": ["shipped"]}),
    ]
    assert problem(api.get("/api/v1/orders?state=sent", headers=bearer())) == (422, "request_invalid")
    assert problem(api.get("/api/v1/orders?limit=1&limit=2", headers=bearer())) == (400, "request_malformed")


def test_the_path_takes_precedence_over_the_body(api, services):
    services.answers["users.change_address"] = {}
    mine = new_id()
    address = {"contact": "梅", "phone": "13800138000", "province": "浙江", "city": "杭州", "street": "文三路"}
    api.put(f"/api/v1/me/addresses/{mine}", json=address | {"address_id": str(new_id())}, headers=bearer())
    assert services.requested[0][1]["address_id"] == str(mine)


def test_a_creation_is_answered_with_201_and_json(api, services):
    services.answers["users.register"] = {"user_id": "1"}
    answer = api.post("/api/v1/accounts", json=ACCOUNT, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()) == (201, {"user_id": "1"})


def test_an_error_is_named_by_its_field(api):
    answer = api.put(f"/api/v1/cart/lines/{new_id()}", json={"quantity": 10**9}, headers=bearer())
    assert problem(answer) == (422, "request_invalid")
    assert "quantity" in answer.json()["errors"]


@pytest.mark.parametrize("quantity", [0, -1, 10**9, "1", 1.5, True, None])
def test_a_wrong_quantity_never_reaches_a_cart(api, services, quantity):
    answer = api.put(f"/api/v1/cart/lines/{new_id()}", json={"quantity": quantity}, headers=bearer())
    assert problem(answer) == (422, "request_invalid")
    assert services.requested == []


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("", "idempotency_key_invalid"),
        ("a b", "idempotency_key_invalid"),
        ("k" * 256, "idempotency_key_invalid"),
    ],
)
def test_creating_needs_an_idempotency_key(api, services, key, code):
    headers = {} if key is None else {"Idempotency-Key": key}
    assert problem(api.post("/api/v1/accounts", json=ACCOUNT, headers=headers)) == (400, code)
    assert services.requested == []


def test_the_role_is_checked_before_the_body_is_read(api, services):
    shops = "/api/v1/operator/shops"
    assert problem(api.post(shops)) == (401, "unauthenticated")
    assert problem(api.post(shops, headers=bearer(SHOPPER))) == (403, "forbidden")
    assert problem(api.post(shops, headers=bearer(OPERATOR))) == (415, "media_type_unsupported")


@pytest.mark.parametrize("header", ["Bearer x.y.z", "Bearer", "Basic bWVp", "Bearer \xe4", ""])
def test_a_bad_token_is_refused_even_where_none_is_required(api, header):
    answer = api.get("/api/v1/shops", headers={"Authorization": header.encode("latin-1")})
    assert problem(answer) == (401, "token_invalid")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_expired_token_is_refused(api):
    old = sign(SHOPPER, now=datetime.now(UTC) - timedelta(minutes=16))
    assert problem(api.get("/api/v1/me", headers={"Authorization": f"Bearer {old}"})) == (401, "token_invalid")


@pytest.mark.parametrize(
    "path", ["/api/v1/no", "/nothing", "/api/v1/orders/3", "/api/v1/orders/%00", "/media/../x"]
)
def test_an_unknown_path_is_not_found(api, path):
    assert problem(api.get(path, headers=bearer())) == (404, "path_not_found")


def test_an_unsupported_method_is_answered_with_the_supported_ones(api):
    answer = api.delete("/api/v1/me/addresses")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_an_additional_slash_is_not_redirected(api):
    answer = api.get("/api/v1/products/", headers={"Host": "evil.example"})
    assert problem(answer) == (404, "path_not_found")
    assert "location" not in answer.headers


def test_unknown_methods_share_one_label_in_the_metrics(api):
    for method in ("BREW", "ZZZZZZZ"):
        assert problem(api.request(method, "/api/v1/products")) == (405, "method_not_allowed")
    rendered = observe.render_metrics().decode()
    assert 'method="other",path="/products"' in rendered
    assert "BREW" not in rendered


@pytest.mark.parametrize("header", ["a-b-c-d", "00-" + "é" * 32 + "-c-d", "00-" + "a" * 60_000 + "-c-d"])
def test_an_invalid_trace_is_not_passed_on(api, services, header):
    services.answers["users.list_shops"] = {"items": [], "next": None}
    api.get("/api/v1/shops", headers={"traceparent": header.encode("latin-1")})
    assert services.traces[0].traceparent is None


def test_a_trace_is_passed_on(api, services):
    services.answers["users.list_shops"] = {"items": [], "next": None}
    mine = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    api.get("/api/v1/shops", headers={"traceparent": mine})
    assert services.traces[0].traceparent == mine


def test_options_answers_with_the_methods_only(api, services):
    answer = api.options("/api/v1/products")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD, OPTIONS", b"")
    assert services.requested == []


def test_head_is_answered_as_get(api, services):
    services.answers["catalog.list_categories"] = {"items": [], "next": None}
    assert api.head("/api/v1/categories").status_code == 200


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=1.5", "cursor=1", "limit=" + "9" * 50]
)
def test_an_invalid_page_is_refused(api, query):
    assert problem(api.get(f"/api/v1/shops?{query}")) == (422, "request_invalid")


@pytest.mark.parametrize("query", ["q=a&q=b", "q=%00", "q=%ed%a0%80"])
def test_an_ambiguous_or_unstorable_query_is_refused(api, services, query):
    services.answers["catalog.list_products"] = {"items": [], "next": None}
    assert api.get(f"/api/v1/products?{query}").status_code in ((400,) if "ed" not in query else (200, 400))


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (NotFound(code="shop_not_found"), (404, "shop_not_found")),
        (Conflict(code="slug_taken"), (409, "slug_taken")),
        (Invalid(code="weak"), (422, "weak")),
        (ServiceUnavailable(), (503, "service_unavailable")),
        (NoAnswer(), (504, "deadline_passed")),
        (ServiceFailed("KeyError"), (500, "internal")),
        (ZeroDivisionError(), (500, "internal")),
    ],
)
def test_a_refusal_keeps_its_code_and_has_its_status(api, services, failure, expected):
    services.answers["users.list_shops"] = failure
    assert problem(api.get("/api/v1/shops")) == expected


def test_every_kind_of_refusal_has_a_status(api, services):
    for kind in Kind:
        failure = Refusal("No.", code="no", why=kind, status="mine")
        failure.kind = kind
        services.answers["users.list_shops"] = failure
        answer = api.get("/api/v1/shops")
        status, code = problem(answer)
        assert 400 <= status < 504
        assert (code, answer.json()["why"]) == ("no", kind), "a fact named like a member of a problem"


def test_a_limited_caller_learns_how_long_to_wait(api, services):
    failure = Refusal("Wait.", code="attempt_limit_reached", retry_after=30)
    failure.kind = Kind.TOO_MANY
    services.answers["users.sign_in"] = failure
    answer = api.post("/api/v1/sessions", json={"email": "a@b.c", "password": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


def test_a_fault_discloses_nothing(api, services):
    services.answers["users.list_shops"] = ZeroDivisionError("secret")
    assert "secret" not in api.get("/api/v1/shops").text


def test_a_request_keeps_its_id_if_it_is_a_uuid(api, services):
    services.answers["users.list_shops"] = {"items": [], "next": None}
    mine = str(new_id())
    assert api.get("/api/v1/shops", headers={"X-Request-Id": mine}).headers["x-request-id"] == mine
    other = api.get("/api/v1/shops", headers={"X-Request-Id": "<script>"}).headers["x-request-id"]
    assert UUID(other)


def test_every_answer_carries_the_security_headers(api):
    for path in ("/api/v1/nothing", "/health/live", "/openapi.json", "/docs"):
        headers = api.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["content-security-policy"].startswith("default-src 'none'")


def test_other_origins_are_refused_unless_configured(api, services):
    services.answers["users.list_shops"] = {"items": [], "next": None}
    answer = api.get("/api/v1/shops", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_configured_origin_is_allowed_and_reads_faults_too(config, services):
    shop = "https://shop.example"
    api = Client(build(replace(config, cors_origins=(shop,)), services, Wakeups()))
    services.answers["users.list_shops"] = ServiceFailed("KeyError")
    answer = api.get("/api/v1/shops", headers={"Origin": shop})
    assert (problem(answer), answer.headers["access-control-allow-origin"]) == ((500, "internal"), shop)


def test_a_change_can_be_bound_to_the_version_that_was_read(api, services):
    services.answers["catalog.change_product"] = {"version": 4}
    path = f"/api/v1/merchant/products/{new_id()}"
    answer = api.patch(path, json={"title": "椅子"}, headers={**bearer(OPERATOR), "If-Match": '"3"'})
    assert (services.requested[0][1]["version"], answer.headers["etag"]) == (3, '"4"')
    assert problem(api.patch(path, json={}, headers={**bearer(OPERATOR), "If-Match": "3"}))[0] == 400


def test_a_version_in_a_body_is_ignored(api, services):
    services.answers["catalog.change_product"] = {"version": 4}
    path = f"/api/v1/merchant/products/{new_id()}"
    api.patch(path, json={"title": "椅子", "version": "three"}, headers=bearer(OPERATOR))
    assert "version" not in services.requested[0][1]


def test_fields_left_out_of_a_change_stay_out(api, services):
    services.answers["catalog.change_product"] = {"version": 4}
    product = new_id()
    api.patch(f"/api/v1/merchant/products/{product}", json={"brand": None}, headers=bearer(OPERATOR))
    assert services.requested[0][1] == {"brand": None, "product_id": str(product)}
