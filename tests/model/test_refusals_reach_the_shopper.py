"""The reason for a refused checkout reaches the shopper, from the refusing service to the API."""

from payments.service import PaymentsService
from tests.model import people


def ordered(world, shopper, basket, coupons, method="cash_on_delivery"):
    checkout_id = people.buy(world, shopper, basket, coupons, method)
    world.deliver_all()
    return world.call("orders", "get_checkout", shopper, checkout_id=checkout_id)


def test_a_shopper_learns_which_line_is_short_and_how_much_is_available(world):
    shop, shopper = people.a_shop(world, 101, 4990), people.a_shopper()
    few, plenty = shop.skus
    seen = ordered(world, shopper, [(few, people.OPENING + 1), (plenty, 1)], [])
    assert (seen["state"], seen["reason"]) == ("cancelled", "out_of_stock")
    short = {"sku_id": few, "wanted": people.OPENING + 1, "available": people.OPENING, "reason": "out_of_stock"}
    assert seen["refusal"] == seen["orders"][0]["refusal"] == {"lines": [short], "benefits": []}


def test_a_shopper_learns_which_coupon_has_been_used(world):
    shop, shopper = people.a_shop(world, 4990), people.a_shopper()
    campaign_id = people.a_campaign(world, shop)
    mine = world.call("marketing", "claim_coupon", shopper, campaign_id=campaign_id)["coupon_id"]
    first = people.buy(world, shopper, [(shop.skus[0], 1)], [mine], "cash_on_delivery")
    second = ordered(world, shopper, [(shop.skus[0], 1)], [mine])
    assert world.call("orders", "get_checkout", shopper, checkout_id=first)["state"] == "confirmed"
    assert (second["state"], second["reason"]) == ("cancelled", "benefit_taken")
    assert second["refusal"] == {"lines": [], "benefits": [{"kind": "coupon", "coupon_id": mine}]}


def test_a_shopper_learns_that_a_payment_method_is_not_set_up_and_the_stock_is_released(world, monkeypatch):
    shop, shopper = people.a_shop(world, 4990), people.a_shopper()
    monkeypatch.delitem(PaymentsService.providers.registry.adapters, "wechat")
    seen = ordered(world, shopper, [(shop.skus[0], 1)], [], "wechat")
    assert (seen["state"], seen["reason"]) == ("cancelled", "payment_unavailable")
    assert world.rows("catalog", "SELECT reserved FROM stock") == [{"reserved": 0}]
