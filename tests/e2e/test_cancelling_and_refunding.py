"""Cancellations and refunds: before and after payment, whole, by line and by quantity, after late payments."""

from tests.e2e.people import until


def sku(product):
    return product["skus"][0]["sku_id"]


def paid(shopper, provider, *lines):
    placed = shopper.checks_out(*lines)
    provider.pays(shopper.waits_for_qr_code(placed))
    return shopper.waits_for(placed, "confirmed")


def ledger_is_balanced(operator):
    balance = operator.get("/operator/ledger/balance")
    return balance["balanced"] and sum(a["balance"]["amount"] for a in balance["accounts"]) == 0


def refunded_by_line(operator, order):
    """Kind, quantity and amount of the refunded lines, as on the payment's page."""
    payment = operator.get(f"/operator/payments/{order['payment_id']}")
    (part,) = [part for part in payment["parts"] if part["order_id"] == order["order_id"]]
    assert sum(line["paid"]["amount"] for line in part["lines"]) == part["amount"]["amount"]
    of_refunds = [line["amount"]["amount"] for refund in payment["refunds"] for line in refund["lines"]]
    assert sum(of_refunds) == sum(line["refunded"]["amount"] for line in part["lines"])
    back = [(line["kind"], line["refunded_quantity"], line["refunded"]["amount"]) for line in part["lines"]]
    return {each for each in back if each[2]}


def test_a_checkout_is_cancelled_before_payment_without_a_refund(shopper, two_shops):
    placed = shopper.checks_out((sku(two_shops[0]), 1), (sku(two_shops[1]), 1))
    shopper.post(f"/checkouts/{placed['checkout_id']}/cancel")
    cancelled = shopper.waits_for(placed, "cancelled")
    assert {order["state"] for order in cancelled["orders"]} == {"cancelled"}


def test_an_order_is_cancelled_after_payment_and_refunded_completely(shopper, two_shops, provider, operator):
    checkout = paid(shopper, provider, (sku(two_shops[0]), 1), (sku(two_shops[1]), 1))
    first, second = checkout["orders"]
    shopper.post(f"/orders/{first['order_id']}/cancel", {"reason_text": "地址写错了"})
    shopper.waits_for_refund(first)
    assert shopper.order(second)["state"] == "confirmed"
    assert ledger_is_balanced(operator)


def test_m11_lines_are_refunded_by_quantity_and_never_more_than_was_paid(
    shopper, two_shops, provider, merchant_of, operator
):
    checkout = paid(shopper, provider, (sku(two_shops[0]), 3))
    (order,) = checkout["orders"]
    line = order["lines"][0]
    merchant_of(order).post(f"/merchant/orders/{order['order_id']}/accept")
    path = f"/orders/{order['order_id']}/refunds"

    requested = shopper.post(
        path, {"lines": [{"line_id": line["line_id"], "quantity": 1}], "reason_text": "破了一个"}
    )
    assert requested["state"] == "requested"
    merchant_of(order).post(f"/merchant/refunds/{requested['refund_id']}/approve")
    done = until(lambda: shopper.get(path)["items"], lambda items: items[0]["state"] == "refunded")
    assert abs(done[0]["amount"]["amount"] * 3 - line["paid"]["amount"]) <= 3
    too_many = {"lines": [{"line_id": line["line_id"], "quantity": 3}], "reason_text": "多要"}
    assert shopper.refused("POST", path, too_many) == (409, "refund_quantity_exceeded")
    assert ledger_is_balanced(operator)
    assert refunded_by_line(operator, order) == {("goods", 1, done[0]["amount"]["amount"])}

    rest = shopper.post(path, {"whole": True, "reason_text": "都不要了"})
    merchant_of(order).post(f"/merchant/refunds/{rest['refund_id']}/approve")
    shopper.waits_for_refund(order)
    whole = {("goods", 3, line["paid"]["amount"]), ("shipping", 0, order["shipping"]["amount"])}
    assert refunded_by_line(operator, order) == {each for each in whole if each[2]}


def test_a_merchant_refuses_a_refund_and_it_can_be_requested_again(shopper, two_shops, provider, merchant_of):
    (order,) = paid(shopper, provider, (sku(two_shops[0]), 1))["orders"]
    merchant_of(order).post(f"/merchant/orders/{order['order_id']}/accept")
    path = f"/orders/{order['order_id']}/refunds"
    requested = shopper.post(path, {"whole": True, "reason_text": "不喜欢"})
    merchant_of(order).post(f"/merchant/refunds/{requested['refund_id']}/refuse")
    assert shopper.get(path)["items"][0]["state"] == "refused"
    assert shopper.post(path, {"whole": True, "reason_text": "真的不喜欢"})["amount"] == order["total"]


def test_a_whole_refund_before_the_merchant_accepts_cancels_the_order(shopper, two_shops, provider):
    (order,) = paid(shopper, provider, (sku(two_shops[0]), 2))["orders"]
    shopper.post(f"/orders/{order['order_id']}/refunds", {"whole": True, "reason_text": "不要了"})
    shopper.waits_for_refund(order)


def test_a_merchant_refuses_an_order_and_the_shopper_is_refunded(shopper, two_shops, provider, merchant_of):
    (order,) = paid(shopper, provider, (sku(two_shops[0]), 1))["orders"]
    merchant_of(order).post(f"/merchant/orders/{order['order_id']}/refuse", {"reason_text": "缺货"})
    shopper.waits_for_refund(order)


def test_lesson_12_a_payment_after_the_cancellation_is_refunded_automatically(
    shopper, two_shops, provider, operator
):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    code_url = shopper.waits_for_qr_code(placed)
    shopper.post(f"/checkouts/{placed['checkout_id']}/cancel")
    shopper.waits_for(placed, "cancelled")
    provider.does(code_url, "pay-late")
    until(
        lambda: provider.transaction(code_url),
        lambda t: [r["amount"] for r in t["refunds"]] == [placed["total"]["amount"]],
    )
    assert shopper.checkout(placed)["state"] == "cancelled"
    until(lambda: ledger_is_balanced(operator), bool)


def test_lesson_10_a_repeated_notification_confirms_once(shopper, two_shops, provider, operator):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    code_url = shopper.waits_for_qr_code(placed)
    provider.pays(code_url)
    shopper.waits_for(placed, "confirmed")
    provider.does(code_url, "notify-twice")
    payment = operator.get(f"/operator/payments/{placed['payment_id']}")
    assert payment["payment"]["state"] == "captured"
    assert [(c["standing"], c["amount"]) for c in payment["captures"]] == [("kept", placed["total"])]


def test_a_failed_payment_can_be_retried(shopper, two_shops, provider):
    placed = shopper.checks_out((sku(two_shops[0]), 1))
    code_url = shopper.waits_for_qr_code(placed)
    provider.does(code_url, "fail")
    assert shopper.checkout(placed)["state"] == "placed"
    provider.pays(code_url)
    shopper.waits_for(placed, "confirmed")
