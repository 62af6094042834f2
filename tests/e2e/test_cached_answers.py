"""The gateway keeps the pages that everybody reads, and they follow every change of the running system."""

from uuid import uuid4

import httpx
import pytest

from local.api import Api
from shared.testing import eventually
from tests.e2e.people import SETTLED


@pytest.fixture
def product(products):
    """A product that no other test changes."""
    return products[-1]


def available(guest, product):
    return guest.get(f"/products/{product['product_id']}")["skus"][0]["available"]


def test_a_page_shows_sales_cancellations_and_adjustments_of_stock(guest, shopper, merchant_of, product):
    sku_id, before = product["skus"][0]["sku_id"], available(guest, product)
    placed = shopper.checks_out((sku_id, 1), method="cash_on_delivery")
    shopper.waits_for(placed, "confirmed")
    eventually(lambda: available(guest, product) == before - 1, within=SETTLED)
    shopper.post(f"/orders/{placed['orders'][0]['order_id']}/cancel", {"reason_text": "不要了"})
    eventually(lambda: available(guest, product) == before, within=SETTLED)
    adjustment = {"change": 5, "reason": "stocktaking"}
    merchant_of(product).post(f"/merchant/skus/{sku_id}/stock", adjustment)
    assert available(guest, product) == before + 5  # through the same gateway: at once


def test_a_change_by_an_import_reaches_the_page_and_the_lists(guest, shop_system, merchant_of, product):
    merchant = merchant_of(product)
    own = merchant.get(f"/merchant/products/{product['product_id']}")
    shop = next(s for s in guest.get("/shops")["items"] if s["shop_id"] == product["shop_id"])
    title = f"改名 {uuid4().hex[:8]}"
    code, price = own["skus"][0]["code"], own["skus"][0]["price"]["amount"] / 100
    sheet = f"Handle,Title,Variant SKU,Variant Price\n{own['handle']},{title},{code},{price}\n".encode()
    lists = f"/products?shop_id={product['shop_id']}&limit=100"
    assert title not in guest.call("GET", lists).text
    api = Api(shop_system.url, merchant.tokens["access_token"])
    api.import_csv(f"shop={shop['slug']}", sheet, key=uuid4().hex)
    eventually(lambda: guest.get(f"/products/{product['product_id']}")["title"] == title, within=SETTLED)
    eventually(lambda: title in guest.call("GET", lists).text, within=SETTLED)


def test_a_browser_that_has_a_page_is_told_that_it_is_still_valid(shop_system, product):
    url = f"{shop_system.url}/api/v1/products/{product['product_id']}"
    tag = httpx.get(url).headers["etag"]
    again = httpx.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_poll_sees_each_state_although_answers_are_kept(shopper, provider, product):
    placed = shopper.checks_out((product["skus"][0]["sku_id"], 1))
    provider.pays(shopper.waits_for_qr_code(placed))
    paid = shopper.waits_for(placed, "confirmed")
    assert paid["payment"]["captured_at"]
