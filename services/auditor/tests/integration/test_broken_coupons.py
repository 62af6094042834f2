"""Each violated invariant of coupons is found."""

import pytest

from shared.ids import new_id

COUPON = "SELECT coupon_id FROM coupons WHERE checkout_id = :id"


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE campaigns SET claimed = claimed + 1",
        "UPDATE campaigns SET total_limit = 1, per_person_limit = 1",
        "UPDATE coupons SET user_id = (SELECT user_id FROM coupons LIMIT 1), nth = 10 + (random() * 1e6)::int",
    ],
)
def test_a_campaign_above_its_limits_or_with_a_wrong_count_is_found(shop, damage):
    for guard in ("claimed_within_limit", "person_within_limit"):
        shop.sql("marketing", f"ALTER TABLE campaigns DROP CONSTRAINT {guard}")
    assert shop.sql("marketing", damage) >= 1
    assert shop.found()["coupons.campaigns"].about == f"campaign {shop.day.campaign_id}"


def test_a_coupon_whose_state_is_not_the_one_after_its_last_move_is_found(shop):
    coupon_id = shop.one("marketing", COUPON, id=shop.id("delivered"))
    shop.sql(
        "marketing", "UPDATE coupons SET state = 'free', checkout_id = NULL WHERE coupon_id = :id", id=coupon_id
    )
    found = shop.found()
    assert found["coupons.moves"].about == f"coupon {coupon_id}"
    assert found["coupons.checkouts"].about == f"checkout {shop.id('delivered')}"


def test_a_coupon_whose_state_does_not_match_the_checkouts_benefits_is_found(shop):
    coupon_id = shop.one("marketing", COUPON, id=shop.id("delivered"))
    shop.sql(
        "marketing", "UPDATE benefits SET state = 'released' WHERE checkout_id = :id", id=shop.id("delivered")
    )
    assert shop.found()["coupons.moves"].about == f"coupon {coupon_id}"


@pytest.mark.parametrize(
    ("name", "state"),
    [("delivered", "restored"), ("cancelled", "redeemed"), ("never_paid", "held"), ("in_progress", "redeemed")],
)
def test_benefits_whose_state_does_not_match_their_checkout_are_found(shop, name, state):
    shop.sql("marketing", f"UPDATE benefits SET state = '{state}' WHERE checkout_id = :id", id=shop.id(name))
    finding = shop.found()["coupons.checkouts"]
    assert finding.about == f"checkout {shop.id(name)}"
    assert f"its benefits are {state}" in finding.detail
    assert (finding.repair is not None) == (name == "never_paid")


def test_benefits_redeemed_by_a_checkout_that_orders_does_not_know_are_found(shop):
    unknown = str(new_id())
    held = "INSERT INTO benefits (checkout_id, state, changed_at) VALUES (:id, 'redeemed', now())"
    shop.sql("marketing", held, id=unknown)
    finding = shop.found()["coupons.checkouts"]
    assert finding.about == f"checkout {unknown}"
    assert "orders does not know it" in finding.detail


def test_a_checkout_that_has_another_coupon_than_it_requested_is_found(shop):
    shop.sql(
        "orders",
        """UPDATE checkout SET benefits = jsonb_build_array(
            jsonb_build_object('kind', 'coupon', 'coupon_id', gen_random_uuid())) WHERE checkout_id = :id""",
        id=shop.id("delivered"),
    )
    assert "it requested" in shop.found()["coupons.checkouts"].detail
