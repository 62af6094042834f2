"""What stood in the way of a checkout is known to who ordered, from the service that refused to the answer."""

from tests.model import people


def ordered(world, shopper, basket, coupons):
    checkout_id = people.buy(world, shopper, basket, coupons, "cash_on_delivery")
    world.hand_over_all()
    return world.ask("orders", "get_checkout", shopper, checkout_id=checkout_id)


def test_a_shopper_learns_which_line_there_is_not_enough_of_and_how_much_there_is(world):
    shop, shopper = people.a_shop(world, 101, 4990), people.a_shopper()
    few, plenty = shop.skus
    seen = ordered(world, shopper, [(few, people.OPENING + 1), (plenty, 1)], [])
    assert (seen["state"], seen["reason"]) == ("cancelled", "out_of_stock")
    short = {"sku_id": few, "wanted": people.OPENING + 1, "available": people.OPENING, "reason": "out_of_stock"}
    assert seen["refusal"] == seen["orders"][0]["refusal"] == {"lines": [short], "benefits": []}


def test_a_shopper_learns_which_coupon_is_used_already(world):
    shop, shopper = people.a_shop(world, 4990), people.a_shopper()
    campaign_id = people.a_campaign(world, shop)
    mine = world.ask("marketing", "claim_coupon", shopper, campaign_id=campaign_id)["coupon_id"]
    first = people.buy(world, shopper, [(shop.skus[0], 1)], [mine], "cash_on_delivery")
    second = ordered(world, shopper, [(shop.skus[0], 1)], [mine])
    assert world.ask("orders", "get_checkout", shopper, checkout_id=first)["state"] == "confirmed"
    assert (second["state"], second["reason"]) == ("cancelled", "benefit_taken")
    assert second["refusal"] == {"lines": [], "benefits": [{"kind": "coupon", "coupon_id": mine}]}
