"""An operator switches coupons and a payment method off while the shop runs, and on again."""

from uuid import uuid4

import pytest

from tests.e2e.people import until

CHINESE = {"Accept-Language": "zh-CN"}


@pytest.fixture
def turn(operator):
    """Turns a switch; it is turned on again after the test."""
    turned = []

    def _turn(service, name, *, is_on, reason):
        turned.append((service, name))
        return operator.put(f"/operator/switches/{service}/{name}", {"is_on": is_on, "reason": reason})

    yield _turn
    for service, name in turned:
        operator.put(f"/operator/switches/{service}/{name}", {"is_on": True, "reason": "the test is over"})


def log_of(operator, name):
    """The last two entries, the older first: who, what, why."""
    entries = operator.get("/operator/log", about=f"switch {name}", limit=2)["items"]
    return [(one["service"], one["actor"], one["action"], one["note"]) for one in reversed(entries)]


def test_an_operator_switches_coupons_off_and_on_while_the_shop_runs(operator, shopper, turn):
    campaign = shopper.get("/coupon-campaigns")["items"][0]
    claims, key = f"/coupon-campaigns/{campaign['campaign_id']}/claims", str(uuid4())

    turn("marketing", "coupons", is_on=False, reason="one person claims with many accounts")
    refused = shopper.call("POST", claims, {}, key=key, headers=CHINESE)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "capability_switched_off")
    assert problem["detail"] == "平台暂时关闭了此功能，请稍后再试。"
    shown = next(one for one in operator.get("/operator/switches")["items"] if one["name"] == "coupons")
    assert (shown["service"], shown["is_on"], shown["reason"]) == (
        "marketing",
        False,
        "one person claims with many accounts",
    )

    turn("marketing", "coupons", is_on=True, reason="the accounts are closed")
    assert shopper.post(claims, key=key)["state"] == "free"
    account = operator.get("/me")["user_id"]
    assert log_of(operator, "coupons") == [
        ("marketing", account, "switch.turn_off", "one person claims with many accounts"),
        ("marketing", account, "switch.turn_on", "the accounts are closed"),
    ]


def test_a_payment_method_that_is_off_opens_no_payment_and_finishes_open_ones(
    operator, shopper, another_shopper, products, provider, turn
):
    lines = (products[0]["skus"][0]["sku_id"], 1)
    begun = shopper.checks_out(lines)
    code_url = shopper.waits_for_qr_code(begun)

    turn("payments", "pay.wechat", is_on=False, reason="the provider announces work")
    refused = another_shopper.checks_out(lines)
    ended = another_shopper.waits_for(refused, "cancelled")
    assert {order["reason"] for order in ended["orders"]} == {"payment_unavailable"}
    provider.pays(code_url)
    shopper.waits_for(begun, "confirmed")

    turn("payments", "pay.wechat", is_on=True, reason="the work is over")
    until(lambda: another_shopper.waits_for_qr_code(another_shopper.checks_out(lines)), bool)


def test_only_operators_turn_switches(shopper):
    turned = {"is_on": False, "reason": "I like it"}
    assert shopper.refused("PUT", "/operator/switches/marketing/coupons", turned) == (403, "forbidden")
    assert shopper.refused("GET", "/operator/switches") == (403, "forbidden")
