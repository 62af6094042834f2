"""Refunds that fail at the provider, from the shopper's request to the audit."""

from local.auditing import audit
from local.draining import wait_until_drained
from tests.e2e.people import until


def sku(product):
    return product["skus"][0]["sku_id"]


def cancels(shopper, provider, product, **next_refund):
    """Buy a unit and cancel it once it is paid, with the provider's outcome planned; returns the order."""
    placed = shopper.checks_out((sku(product), 1))
    code_url, (order,) = shopper.waits_for_qr_code(placed), placed["orders"]
    provider.pays(code_url)
    shopper.waits_for(placed, "confirmed")
    number = provider.transaction(code_url)["out_trade_no"]
    provider.post(f"/transactions/{number}/next-refund", next_refund)
    shopper.post(f"/orders/{order['order_id']}/cancel", {"reason_text": "地址写错了"})
    return order, code_url


def refund_of(shopper, order):
    """The operators' path of the refund of an order, once it is cancelled."""
    shopper.waits_for_order(order, "cancelled")
    (refund,) = shopper.get(f"/orders/{order['order_id']}/refunds")["items"]
    assert refund["state"] == "running"
    return f"/operator/refunds/{refund['refund_id']}"


def test_a_refund_that_the_provider_closes_is_sent_under_a_new_number_and_arrives(
    shopper, operator, two_shops, provider
):
    order, code_url = cancels(shopper, provider, two_shops[0], outcome="close")
    path = refund_of(shopper, order)
    seen = until(lambda: operator.get(path), lambda found: len(found["attempts"]) == 2)
    assert [attempt["state"] for attempt in seen["attempts"]] == ["closed", "requested"]
    operator.post(f"{path}/retry", {"note": "the shopper is waiting"})
    shopper.waits_for_refund(order)
    refunds = provider.transaction(code_url)["refunds"]
    assert [refund["state"] for refund in refunds] == ["CLOSED", "SUCCESS"]
    assert refunds[0]["out_refund_no"] != refunds[1]["out_refund_no"]


def test_a_refund_that_the_provider_refuses_is_settled_by_hand_and_the_audit_is_clean(
    shop_system, servers, shopper, operator, two_shops, provider
):
    order, code_url = cancels(shopper, provider, two_shops[0], outcome="refuse", code="NO_AUTH", times=1000)
    path = refund_of(shopper, order)
    until(lambda: operator.get(path), lambda found: found["attempts"][0]["result"] == "not_permitted")
    proof = {"paid_from": "bank", "proof": "ICBC-2026-0042", "note": "退款权限还没有开通，已转账"}
    settled = operator.post(f"{path}/settle", proof)
    assert (settled["state"], settled["settlement"]["proof"]) == ("settled_by_hand", "ICBC-2026-0042")
    shopper.waits_for_refund(order)
    assert provider.transaction(code_url)["refunds"] == []
    log = operator.get("/operator/log", about=f"refund {settled['refund_id']}")["items"]
    acts = [entry["action"] for entry in log if entry["action"] != "refund.read"]
    assert acts == ["refund.settle", "refund.propose_settlement"]
    wait_until_drained(shop_system.site, servers)
    found = audit(shop_system.site)
    assert found.status == 0, found.text
