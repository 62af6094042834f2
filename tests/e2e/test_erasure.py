"""A shopper requests erasure while an order is open, and is erased after the end of the order."""

from uuid import uuid4

from local.auditing import audit
from local.draining import wait_until_drained
from tests.e2e.people import until

PASSWORD = "correct horse 电池"  # as in Shopper.registers


def test_a_shopper_is_erased_once_nothing_is_open(
    shopper, guest, two_shops, provider, merchant_of, carrier, shop_system, servers
):
    product = two_shops[0]
    placed = shopper.checks_out((product["skus"][0]["sku_id"], 1))
    provider.pays(shopper.waits_for_qr_code(placed))
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]
    merchant, path = merchant_of(order), f"/merchant/orders/{order['order_id']}"
    assert merchant.get(path)["contact"]["name"] == "周静"

    assert shopper.refused("POST", "/me/erasure", {"password": "not mine at all"}) == (422, "password_incorrect")
    shopper.post("/me/erasure", {"password": PASSWORD})
    waits = until(lambda: shopper.get("/me/erasure"), lambda erasure: erasure["state"] == "waiting")
    assert waits["open"] == [{"kind": "order", "id": order["order_id"]}]
    assert merchant.get(path)["contact"]["name"] == "周静"

    merchant.post(f"{path}/accept")
    parcel = {"carrier": "sf-express", "tracking_number": f"SF{uuid4().hex[:12]}"}
    merchant.post(f"{path}/ship", parcel)
    assert carrier(parcel, "delivered").status_code < 300
    shopper.waits_for_order(order, "delivered")
    shopper.post(f"/orders/{order['order_id']}/receive")
    shopper.post("/me/erasure", {"password": PASSWORD})
    until(lambda: shopper.call("GET", "/me/erasure").status_code, lambda status: status == 401)

    seen = merchant.get(path)
    assert (seen["address"], seen["contact"], seen["note"], seen["state"]) == (None, None, "", "completed")
    again = {"email": shopper.email, "password": PASSWORD}
    assert guest.refused("POST", "/sessions", again) == (401, "credentials_invalid")
    wait_until_drained(shop_system.site, servers)
    ended = audit(shop_system.site)
    assert ended.status == 0, ended.text
    assert "privacy.erased" in ended.text
