"""The whole system with its demo data, and its users, through the gateway only."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

import httpx
import pytest

from local import keys
from local.demo import loader
from local.demo.people import people
from tests.e2e.people import CLIENTS, Provider, Shopper, User, until


@pytest.fixture(scope="session")
def shop_system(system):
    """The running system, with shops, products and accounts."""
    loader.load(system.site)
    with CLIENTS:
        yield _with_products(system)


def _with_products(system):
    priced = lambda: User(system.url).get("/products", limit=100)["items"]  # noqa: E731
    until(priced, lambda items: len(items) >= 20)
    return system


@pytest.fixture(scope="session")
def demo_accounts(shop_system):
    return people(shop_system.site.run_dir)


@pytest.fixture
def shopper(shop_system):
    return Shopper(shop_system.url).registers()


@pytest.fixture
def another_shopper(shop_system):
    return Shopper(shop_system.url).registers()


@pytest.fixture
def guest(shop_system):
    return Shopper(shop_system.url)


@pytest.fixture
def operator(shop_system, demo_accounts):
    return next(User(shop_system.url).signs_in(p.email, p.password) for p in demo_accounts if p.role == "operator")


@pytest.fixture
def merchant_of(shop_system, demo_accounts):
    """The owner of the shop of an order or product, signed in."""
    shops = {shop["shop_id"]: shop["slug"] for shop in User(shop_system.url).get("/shops")["items"]}

    def sign_in(thing):
        owner = next(p for p in demo_accounts if p.shop == shops[thing["shop_id"]])
        return User(shop_system.url).signs_in(owner.email, owner.password)

    return sign_in


@pytest.fixture(scope="session")
def products(shop_system):
    """Products with available SKUs, of several shops."""
    anyone = User(shop_system.url)
    return [anyone.get(f"/products/{p['product_id']}") for p in anyone.get("/products", limit=100)["items"]]


@pytest.fixture(scope="session")
def two_shops(products):
    """One product of one shop and one of another."""
    first = products[0]
    return first, next(p for p in products if p["shop_id"] != first["shop_id"])


@pytest.fixture
def provider(shop_system):
    return Provider(shop_system.urls["sandbox"])


@pytest.fixture
def carrier(shop_system):
    """Any carrier; each signs its reports with its own key."""
    known = keys.carriers(shop_system.site.run_dir)

    def report(parcel, event, *, key=None):
        fields = {
            "tracking_number": parcel["tracking_number"],
            "event": event,
            "at": datetime.now(UTC).isoformat(),
        }
        body = json.dumps({**fields, "place": "杭州转运中心", "text": "已揽收"})
        sent = str(int(time.time()))
        name = parcel["carrier"]
        signed = f"{sent}.{name}.{body}".encode()
        proof = hmac.new((key or known[name]).encode(), signed, hashlib.sha256).hexdigest()
        headers = {"X-Carrier-Signature": f"t={sent},v1={proof}", "Content-Type": "application/json"}
        path = f"{shop_system.url}/api/v1/carriers/{name}/events"
        return httpx.post(path, content=body, headers=headers, timeout=30)

    return report
