"""A process is killed in the middle of an order and restarted, and the order continues without loss."""

import signal

import pytest

from tests.e2e.people import Shopper, qr_code, until


def sku(product):
    return product["skus"][0]["sku_id"]


@pytest.fixture
def shopper(shop_system):
    """A shopper who retries while a service restarts."""
    return Shopper(shop_system.url, retries=True).registers()


SERVICES = ["catalog", "orders", "marketing", "payments"]


@pytest.mark.parametrize("name", [*SERVICES, *(f"{service}-relay" for service in SERVICES)])
def test_lesson_13_an_order_survives_the_crash_of_any_process(shop_system, shopper, two_shops, provider, name):
    placed = shopper.checks_out((sku(two_shops[0]), 1), (sku(two_shops[1]), 1))
    shop_system.kill(name, signal.SIGKILL)
    shop_system.wait_ready(name)
    provider.pays(shopper.waits_for_qr_code(placed))
    shop_system.kill(name, signal.SIGKILL)
    shop_system.wait_ready(name)
    confirmed = shopper.waits_for(placed, "confirmed")
    assert {order["state"] for order in confirmed["orders"]} == {"confirmed"}


def test_lesson_08_a_payment_is_found_without_its_notification(shop_system, shopper, two_shops, provider):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    code_url = shopper.waits_for_qr_code(placed)
    provider.does(code_url, "hold-notifications")
    provider.pays(code_url)
    shopper.waits_for(placed, "confirmed", within=60)


def test_a_payment_whose_opening_crashed_is_opened_before_the_checkout_times_out(
    shop_system, shopper, two_shops, provider, operator
):
    provider.post("/behaviour", {"route": "prepay", "effect": "delay", "seconds": 10})
    placed, operator.retries = shopper.checks_out((sku(two_shops[0]), 1)), True
    payment = f"/operator/payments/{placed['payment_id']}"
    until(
        lambda: operator.call("GET", payment), lambda found: found.is_success and found.json()["calls"][0]["tries"]
    )
    shop_system.kill("payments", signal.SIGKILL)
    shop_system.wait_ready("payments")
    decided = lambda found: found["state"] != "placed" or qr_code(found)  # noqa: E731
    found = until(lambda: shopper.checkout(placed), decided, within=40)
    assert found["state"] == "placed"
    provider.pays(qr_code(found))
    shopper.waits_for(placed, "confirmed")


def test_a_service_that_is_stopped_finishes_its_messages_and_loses_none(shop_system, shopper, two_shops, provider):
    placed = [shopper.checks_out((sku(two_shops[0]), 1)) for _ in range(5)]
    for name in SERVICES:
        shop_system.kill(name, signal.SIGTERM)
    shop_system.wait_ready()
    for checkout in placed:
        provider.pays(shopper.waits_for_qr_code(checkout))
    for checkout in placed:
        shopper.waits_for(checkout, "confirmed")


def test_stock_reserved_by_an_unpaid_checkout_is_released_when_it_is_cancelled(
    shop_system, shopper, products, merchant_of
):
    product = products[2]
    merchant, wanted = merchant_of(product), sku(product)
    merchant.retries = True
    before = merchant.get(f"/merchant/skus/{wanted}/stock")
    placed = shopper.checks_out((wanted, 1))
    until(
        lambda: merchant.get(f"/merchant/skus/{wanted}/stock"), lambda s: s["reserved"] == before["reserved"] + 1
    )
    shop_system.kill("catalog", signal.SIGKILL)
    shopper.post(f"/checkouts/{placed['checkout_id']}/cancel")
    shop_system.wait_ready("catalog")
    shopper.waits_for(placed, "cancelled")
    after = merchant.get(f"/merchant/skus/{wanted}/stock")
    assert (after["on_hand"], after["reserved"]) == (before["on_hand"], before["reserved"])
