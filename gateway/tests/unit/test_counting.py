"""Which requests are counted in which bucket, in the memory of one process."""

from dataclasses import replace

import pytest

from gateway.app import build
from gateway.local_buckets import LocalBuckets
from gateway.spraying import ACCOUNTS, WITHIN, SprayWatch, sprayed
from gateway.tests.doubles import SHOPPER, Client, bearer, problem
from gateway.wakeups import Wakeups
from shared.auth import TokenInvalid

LOCKED_OUT = (429, "rate_limit_exceeded")
NOTIFICATIONS = "/api/v1/payments/wechat/notifications"


@pytest.fixture
def limited(config, services):
    """A client of a gateway that accepts three requests."""
    three = {"rate": 0.001, "burst": 3, "file_rate": 0.001, "file_burst": 3}
    return Client(build(replace(config, **three), services, Wakeups()))


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_bucket_in_memory_refills_with_time_up_to_its_size():
    clock = Clock()
    buckets = LocalBuckets(clock)
    assert [buckets.take("a", 1, 2) >= 0 for _ in range(3)] == [True, True, False]
    clock.now = 1.0
    assert [buckets.take("a", 1, 2) >= 0 for _ in range(2)] == [True, False]
    clock.now = 100.0
    assert [buckets.take("a", 1, 2) >= 0 for _ in range(3)] == [True, True, False]


def test_the_number_of_senders_in_memory_is_limited():
    buckets = LocalBuckets(Clock(), most=2)
    for sender in "abc":
        buckets.take(sender, 1, 1)
    assert buckets.take("c", 1, 1) < 0
    assert buckets.take("a", 1, 1) >= 0  # forgotten, so its bucket is full again


@pytest.mark.parametrize(
    ("path", "headers", "refusal"),
    [
        ("/api/v1/me", {}, (401, "unauthenticated")),
        ("/api/v1/me", {"Authorization": "Basic x"}, (401, "token_invalid")),
        ("/api/v1/operator/sagas", bearer, (403, "forbidden")),
        ("/media/none.svg", {}, (404, "path_not_found")),
        ("/nothing", {}, (404, "path_not_found")),
    ],
)
def test_refusals_and_files_are_counted_like_other_requests(limited, path, headers, refusal):
    sent = headers() if callable(headers) else headers
    answered = [problem(limited.get(path, headers=sent)) for _ in range(4)]
    assert answered == [refusal, refusal, refusal, LOCKED_OUT]


def test_a_method_that_a_path_does_not_support_is_counted(limited):
    answered = [problem(limited.delete("/api/v1/shops"))[0] for _ in range(4)]
    assert answered == [405, 405, 405, 429]


def test_many_shoppers_behind_one_address_block_no_notification(limited, services):
    services.answers |= {"users.list_shops": {"items": [], "next": None}}
    services.answers["payments.receive_provider_notification"] = {"media_type": "text/plain", "body": "success"}
    answered = [limited.get("/api/v1/shops").status_code for _ in range(4)]
    assert answered == [200, 200, 200, 429]
    sent = {"content": b"{}", "headers": {"Content-Type": "application/json"}}
    assert limited.post(NOTIFICATIONS, **sent).status_code == 200


def test_each_account_has_its_own_bucket(limited, services):
    services.answers["users.list_shops"] = {"items": [], "next": None}
    assert [limited.get("/api/v1/shops").status_code for _ in range(4)][-1] == 429
    assert limited.get("/api/v1/shops", headers=bearer(SHOPPER)).status_code == 200


@pytest.fixture
def makes_carts(config, services):
    """Creates guest carts from an address, and returns the statuses of the answers."""
    services.answers["orders.create_guest_cart"] = {"cart_id": "c", "lines": []}
    few = {
        "guest_cart_rate": 0.001,
        "guest_cart_burst": 3,
        "all_guest_carts_rate": 0.001,
        "all_guest_carts_burst": 5,
    }
    client = Client(build(replace(config, trusted_proxies=1, **few), services, Wakeups()))

    def make(many, address):
        return [
            client.post("/api/v1/guest-carts", headers={"X-Forwarded-For": address}).status_code
            for _ in range(many)
        ]

    return make


def test_a_sender_over_the_limit_of_guest_carts_does_not_affect_others(makes_carts):
    assert makes_carts(50, "10.0.0.1")[:4] == [201, 201, 201, 429]
    assert makes_carts(2, "10.0.0.2") == [201, 201]


def test_guest_carts_are_also_counted_for_all_senders_together(makes_carts):
    assert makes_carts(3, "10.0.0.1") == [201, 201, 201]
    assert makes_carts(3, "10.0.0.2") == [201, 201, 429]


def failures():
    return sprayed._value.get()


def sign_in(client, email):
    return client.post("/api/v1/sessions", json={"email": email, "password": "crunchy armchair"})


def test_an_address_that_fails_for_many_accounts_is_reported_once(api, services):
    services.answers["users.sign_in"] = TokenInvalid()
    before = failures()
    for n in range(ACCOUNTS - 1):
        assert sign_in(api, f"{n}@shopper.example").status_code == 401
    assert failures() == before
    for n in (ACCOUNTS, ACCOUNTS + 1):
        sign_in(api, f"{n}@shopper.example")
    assert failures() == before + 1


def test_many_failures_for_one_account_are_no_spraying(api, services):
    services.answers["users.sign_in"] = TokenInvalid()
    before = failures()
    for _ in range(ACCOUNTS + 1):
        sign_in(api, "mei@shopper.example")
    assert failures() == before


def test_old_failures_are_forgotten():
    clock, before = Clock(), failures()
    watch = SprayWatch(clock)
    for n in range(ACCOUNTS):
        watch.failed("10.0.0.1", str(n))
        clock.now += WITHIN / (ACCOUNTS - 1) + 1
    assert failures() == before
