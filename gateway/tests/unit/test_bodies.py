"""Requirements on a body, and the refusal of others."""

import asyncio
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import bodies
from gateway.problems import Problem
from gateway.tests.doubles import OPERATOR, bearer, problem

JSON = {"Content-Type": "application/json"}
ACCOUNT = {"email": "mei@example.com", "password": "crunchy armchair", "name": "林梅"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "request_malformed")),
        (b"{", (400, "request_malformed")),
        (b"[1]", (400, "request_malformed")),
        (b'{"email": NaN}', (400, "request_malformed")),
        (b'{"email": 1e999}', (400, "request_malformed")),
        (b'{"email": 1, "email": 2}', (400, "request_malformed")),
        (b'{"email": "\\u0000"}', (400, "request_malformed")),
        (b'{"email": "\\ud800"}', (400, "request_malformed")),
        (b'{"email": "\xff"}', (400, "request_malformed")),
        (b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", (400, "request_malformed")),
        (b'{"a": ' + b"9" * 5000 + b"}", (400, "request_malformed")),
        (b'{"email": "mei@example.com", "password": "x", "name": 3}', (422, "request_invalid")),
        (b'{"email": "mei@example.com", "password": "x"}', (422, "request_invalid")),
    ],
)
def test_an_invalid_body_is_refused(api, services, body, expected):
    headers = {**JSON, "Idempotency-Key": "k"}
    assert problem(api.post("/api/v1/accounts", content=body, headers=headers)) == expected
    assert services.requested == []


@pytest.mark.parametrize("kind", [None, "text/plain", "application/xml", "application/json; charset=gbk", "a/b/c"])
def test_an_unknown_media_type_is_refused(api, kind):
    headers = {"Idempotency-Key": "k"} | ({"Content-Type": kind} if kind else {})
    answer = api.post("/api/v1/accounts", content=json.dumps(ACCOUNT).encode(), headers=headers)
    assert problem(answer) == (415, "media_type_unsupported")


def test_a_large_body_is_refused_by_its_declared_length(api):
    answer = api.post("/api/v1/accounts", content=b"x" * (10 * 1024 * 1024), headers=JSON)
    assert problem(answer) == (413, "body_too_large")


def test_a_large_body_without_a_length_is_refused_while_it_is_read(api):
    sent = []

    async def parts():
        for _ in range(1000):
            sent.append(1)
            yield b"x" * 1024

    answer = api.post("/api/v1/accounts", content=parts(), headers=JSON)
    assert problem(answer) == (413, "body_too_large")
    assert len(sent) < 100


def test_a_body_that_does_not_arrive_in_time_is_refused(api, services, monkeypatch):
    monkeypatch.setattr("gateway.bodies.TIMEOUT", -2)  # plus a second per 32 KiB: no time is left

    async def parts():
        yield b"{"
        await asyncio.Event().wait()

    answer = api.post("/api/v1/accounts", content=parts(), headers=JSON)
    assert problem(answer) == (408, "body_too_slow")
    assert answer.headers["connection"] == "close"


def test_a_compressed_body_is_refused(api, services):
    packed = gzip.compress(json.dumps(ACCOUNT).encode())
    headers = {**JSON, "Idempotency-Key": "k", "Content-Encoding": "gzip"}
    answer = api.post("/api/v1/accounts", content=packed, headers=headers)
    assert problem(answer) == (415, "encoding_unsupported")
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("length", ["-1", "x", "1e3"])
def test_an_invalid_length_is_refused(api, length):
    answer = api.post("/api/v1/accounts", content=b"{}", headers={**JSON, "Content-Length": length})
    assert answer.status_code == 413


def test_a_csv_reaches_catalog_unchanged(api, services):
    services.answers["catalog.import_products"] = {"import_id": "1"}
    file = "\ufeffHandle,Title\nstuhl,椅子\n"
    headers = {**bearer(OPERATOR), "Content-Type": "text/csv; charset=utf-8", "Idempotency-Key": "k"}
    api.post("/api/v1/merchant/imports?shop=tidy-desk&filename=a.csv", content=file.encode(), headers=headers)
    expected = {"shop": "tidy-desk", "filename": "a.csv", "csv": file, "idempotency_key": "k"}
    assert services.requested == [("catalog.import_products", expected)]


def test_a_callback_is_passed_on_unchanged_with_its_signature(api, services):
    services.answers |= {
        "orders.record_carrier_event": {},
        "payments.receive_provider_notification": {"media_type": "text/plain", "body": "success"},
    }
    body = '{ "at":"now" ,"at": 1}'
    api.post("/api/v1/carriers/sf/events", content=body, headers={**JSON, "X-Carrier-Signature": "t=1,v1=ab"})
    signed = {**JSON, "Wechatpay-Signature": "sig", "Wechatpay-Serial": "7"}
    not_passed_on = ("Cookie", "Proxy-Authorization", "X-Api-Key", "Forwarded", "X-Forwarded-For", "X-Real-IP")
    signed |= dict.fromkeys(not_passed_on, "no")
    answer = api.post("/api/v1/payments/wechat/notifications", content=body, headers=signed)
    assert (answer.status_code, answer.text) == (200, "success")
    signed = {"content-type": JSON["Content-Type"], "wechatpay-signature": "sig", "wechatpay-serial": "7"}
    assert services.requested == [
        ("orders.record_carrier_event", {"signature": "t=1,v1=ab", "body": body, "carrier": "sf"}),
        (
            "payments.receive_provider_notification",
            {"headers": signed, "body": body, "provider": "wechat"},
        ),
    ]


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers() | st.floats(), st.lists, max_leaves=20))
def test_a_body_is_read_exactly_or_refused(data):
    try:
        read = bodies.parse(json.dumps({"data": data}).encode())
    except Problem as refused:
        read = refused.status
    assert read in ({"data": data}, 400)


def test_text_that_cannot_be_stored_is_refused_and_other_text_is_accepted():
    assert bodies.parse('{"a": ["林梅", 1.5, null, true, {"b": []}]}'.encode()) == {
        "a": ["林梅", 1.5, None, True, {"b": []}]
    }
