"""A shopper finds products, orders, pays; the merchant ships; the ledger balances. Through the gateway only."""

import json
from uuid import uuid4

import httpx

from shared.rpc_client import RpcClient
from tests.e2e.people import until


def sku(product):
    return product["skus"][0]["sku_id"]


def stock(merchant, sku_id):
    return merchant.get(f"/merchant/skus/{sku_id}/stock")


def test_m8_a_shopper_buys_from_two_shops_pays_once_and_each_merchant_ships(
    shopper, two_shops, provider, merchant_of, carrier
):
    teapot, notebook = two_shops
    placed = shopper.checks_out((sku(teapot), 1), (sku(notebook), 2))
    assert placed["state"] == "placed"
    assert len(placed["orders"]) == 2
    assert sum(order["total"]["amount"] for order in placed["orders"]) == placed["total"]["amount"]

    provider.pays(shopper.waits_for_qr_code(placed))
    confirmed = shopper.waits_for(placed, "confirmed")
    assert {order["state"] for order in confirmed["orders"]} == {"confirmed"}

    for order in confirmed["orders"]:
        merchant = merchant_of(order)
        merchant.post(f"/merchant/orders/{order['order_id']}/accept")
        parcel = {"carrier": "sf-express", "tracking_number": f"SF{uuid4().hex[:12]}"}
        shipped = merchant.post(f"/merchant/orders/{order['order_id']}/ship", parcel)
        assert shipped["state"] == "shipped"
        assert carrier(parcel, "in_transit").status_code < 300
        assert carrier(parcel, "delivered").status_code < 300
        seen = shopper.waits_for_order(order, "delivered")
        assert [step["state"] for step in seen["steps"]] == [
            "placed",
            "confirmed",
            "preparing",
            "shipped",
            "delivered",
        ]
        assert [trace["event"] for trace in seen["parcels"][0]["trace"]] == ["in_transit", "delivered"]
        assert seen["parcels"][0]["expected_at"]
        shopper.post(f"/orders/{order['order_id']}/receive")
        assert shopper.order(order)["state"] == "completed"


def test_m9_an_order_is_shipped_in_two_parcels(shopper, two_shops, provider, merchant_of):
    product = two_shops[0]
    placed = shopper.checks_out((sku(product), 3))
    provider.pays(shopper.waits_for_qr_code(placed))
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]
    merchant, line = merchant_of(order), order["lines"][0]["line_id"]
    merchant.post(f"/merchant/orders/{order['order_id']}/accept")
    first = {"carrier": "yto", "tracking_number": uuid4().hex, "lines": [{"line_id": line, "quantity": 1}]}
    assert merchant.post(f"/merchant/orders/{order['order_id']}/ship", first)["state"] == "preparing"
    second = {"carrier": "yto", "tracking_number": uuid4().hex}
    assert merchant.post(f"/merchant/orders/{order['order_id']}/ship", second)["state"] == "shipped"
    sent = [p["lines"][0]["quantity"] for p in shopper.order(order)["parcels"]]
    assert sorted(sent) == [1, 2]


def test_m21_cash_on_delivery_is_confirmed_at_once_and_captured_on_delivery(
    shopper, two_shops, merchant_of, carrier, operator
):
    placed = shopper.checks_out((sku(two_shops[0]), 1), method="cash_on_delivery")
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]
    merchant = merchant_of(order)
    merchant.post(f"/merchant/orders/{order['order_id']}/accept")
    parcel = {"carrier": "zto", "tracking_number": uuid4().hex}
    merchant.post(f"/merchant/orders/{order['order_id']}/ship", parcel)
    carrier(parcel, "delivered")
    payment = until(
        lambda: operator.get(f"/operator/payments/{placed['payment_id']}"),
        lambda found: found["payment"]["state"] == "captured",
    )
    assert [part["captured"] for part in payment["parts"]] == [placed["total"]]
    assert [e["posting"] for e in payment["entries"]] == ["receivable_booked"] * 2 + ["cash_taken"] * 2


def test_b8_a_quote_gives_the_reasons_of_every_price(shopper, two_shops):
    quote = shopper.quote((sku(two_shops[0]), 2))
    (shop,) = quote["shops"]
    (line,) = shop["lines"]
    fen = {name: line[name]["amount"] for name in ("subtotal", "discount", "paid")}
    assert fen["paid"] == fen["subtotal"] - fen["discount"]
    assert shop["total"]["amount"] == fen["paid"] + shop["shipping"]["amount"]
    assert all(set(reason["text"]) == {"zh", "en"} for reason in line["why"])


def test_m8_a_guests_cart_is_merged_at_sign_in_and_emptied_by_the_order(guest, two_shops):
    cart = guest.post("/guest-carts")
    guest.put(f"/guest-carts/{cart['cart_id']}/lines/{sku(two_shops[0])}", {"quantity": 2})
    shopper = guest.registers()
    shopper.post("/cart/merge", {"guest_cart_id": cart["cart_id"]})
    lines = shopper.get("/cart")["lines"]
    assert [(line["sku_id"], line["quantity"]) for line in lines] == [(sku(two_shops[0]), 2)]
    placed = shopper.checks_out((sku(two_shops[0]), 2))
    assert shopper.get("/cart")["lines"] == []
    shopper.post(f"/checkouts/{placed['checkout_id']}/cancel")
    shopper.waits_for(placed, "cancelled")
    assert [line["quantity"] for line in shopper.get("/cart")["lines"]] == [2]


def test_m25_a_coupon_is_claimed_used_once_and_restored(shopper, products, provider):
    campaign = next(c for c in shopper.get("/coupon-campaigns")["items"] if c["threshold"]["amount"] <= 10_000)
    coupon = shopper.post(f"/coupon-campaigns/{campaign['campaign_id']}/claims")
    product = next(p for p in products if p["shop_id"] == campaign["shop_id"])
    price = product["skus"][0]["price"]["amount"]
    lines = (sku(product), campaign["threshold"]["amount"] // price + 1)

    placed = shopper.checks_out(lines, coupons=[coupon["coupon_id"]])
    assert placed["orders"][0]["discount"] == campaign["discount"]
    provider.pays(shopper.waits_for_qr_code(placed))
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]

    def state():
        return next(c for c in shopper.get("/me/coupons")["items"] if c["coupon_id"] == coupon["coupon_id"])[
            "state"
        ]

    until(state, lambda seen: seen == "redeemed")
    shopper.post(f"/orders/{order['order_id']}/cancel", {"reason_text": "买重了"})
    shopper.waits_for_order(order, "cancelled")
    until(state, lambda seen: seen == "free")


def test_m10_the_status_is_streamed_until_it_is_final(shop_system, shopper, two_shops, provider):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    code_url = shopper.waits_for_qr_code(placed)
    seen = []
    with httpx.stream(
        "GET",
        f"{shop_system.url}/api/v1/checkouts/{placed['checkout_id']}/stream",
        headers={"Authorization": f"Bearer {shopper.tokens['access_token']}", "Accept": "text/event-stream"},
        timeout=20,
    ) as stream:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                seen.append(line)
                if len(seen) == 1:
                    provider.pays(code_url)
                if '"confirmed"' in line:
                    break
    assert '"placed"' in seen[0]
    assert '"confirmed"' in seen[-1]
    streamed = json.loads(seen[-1].removeprefix("data:"))
    with RpcClient(shop_system.site.amqp_url) as rpc:  # the gateway may have derived the state from events
        which, token = {"checkout_id": placed["checkout_id"]}, shopper.tokens["access_token"]
        stored = rpc.call("orders.get_checkout", which, token=token)
    assert stored == {name: value for name, value in streamed.items() if name != "payment"}


def test_stock_is_reduced_by_the_payment_and_restocked_by_a_cancellation(
    shopper, two_shops, provider, merchant_of
):
    product = two_shops[0]
    merchant, wanted = merchant_of(product), sku(product)
    before = stock(merchant, wanted)
    placed = shopper.checks_out((wanted, 2))
    until(lambda: stock(merchant, wanted), lambda s: s["reserved"] == before["reserved"] + 2)
    provider.pays(shopper.waits_for_qr_code(placed))
    (order,) = shopper.waits_for(placed, "confirmed")["orders"]
    until(
        lambda: stock(merchant, wanted),
        lambda s: (s["on_hand"], s["reserved"]) == (before["on_hand"] - 2, before["reserved"]),
    )
    shopper.post(f"/orders/{order['order_id']}/cancel", {"reason_text": "不想要了"})
    shopper.waits_for_order(order, "cancelled")
    until(lambda: stock(merchant, wanted), lambda s: s["on_hand"] == before["on_hand"])


def test_m53_an_operator_sees_every_saga_and_its_time_line(shopper, two_shops, provider, operator):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    provider.pays(shopper.waits_for_qr_code(placed))
    shopper.waits_for(placed, "confirmed")
    listed = until(
        lambda: operator.get("/operator/sagas", name="orders.checkout", limit=100)["items"],
        lambda items: any(s["status"] == "done" and s["key"] == placed["checkout_id"] for s in items),
    )
    saga = next(s for s in listed if s["key"] == placed["checkout_id"])
    line = operator.get(f"/operator/sagas/{saga['saga_id']}")
    assert line["transitions"][-1]["after"]["status"] == "done"
