"""An operator switches coupons off: no new ones are claimed, and claimed ones can be used."""

import pytest

from marketing.service import MarketingService
from services.marketing.tests.builders import benefits_of, merchant, named, shopper
from services.marketing.tests.integration.test_campaigns import claim, request
from services.marketing.tests.stored import give, offer, states
from shared.auth import Caller
from shared.contracts.marketing import HoldBenefits
from shared.errors import Refusal
from shared.ids import new_id
from shared.permissions import Role
from shared.shapes import Misshapen
from shared.testing import deliver, logged

OPERATOR = Caller(user_id=new_id(), roles=frozenset({Role.OPERATOR}))


def turn(marketing, *, is_on, **known):
    return marketing.set_switch(OPERATOR, {"name": "coupons", "is_on": is_on, "reason": "abuse"} | known)


def refused(call, *arguments, **known):
    with pytest.raises(Refusal) as refusal:
        call(*arguments, **known)
    return refusal.value.code


def test_while_coupons_are_off_none_is_claimed_and_no_campaign_is_created(marketing, open_work):
    campaign = offer(open_work)
    turn(marketing, is_on=False)
    assert refused(claim, marketing, campaign.campaign_id) == "capability_switched_off"
    assert refused(marketing.create_campaign, merchant(), request()) == "capability_switched_off"
    assert marketing.list_my_coupons(shopper(), {})["items"] == []
    turn(marketing, is_on=True)
    assert claim(marketing, campaign.campaign_id)["state"] == "free"
    with open_work() as work:
        assert [one["action"] for one in logged(work)] == ["switch.turn_on", "switch.turn_off"]


def test_a_claim_that_was_made_before_gets_its_stored_response(marketing, open_work):
    campaign = offer(open_work)
    first = claim(marketing, campaign.campaign_id, idempotency_key="mei-1")
    turn(marketing, is_on=False)
    assert claim(marketing, campaign.campaign_id, idempotency_key="mei-1") == first
    assert refused(claim, marketing, campaign.campaign_id, idempotency_key="mei-2") == "capability_switched_off"


def test_a_claimed_coupon_is_listed_and_used_while_coupons_are_off(marketing, open_work):
    coupons = give(open_work, offer(open_work))
    turn(marketing, is_on=False)
    assert [one["coupon_id"] for one in marketing.list_my_coupons(shopper(), {})["items"]] == [*map(str, coupons)]
    command = HoldBenefits(checkout_id=new_id(), buyer_id=named("MEI"), benefits=benefits_of(coupons))
    deliver(MarketingService, open_work, command)
    assert states(open_work, coupons) == ["held"]


def test_turning_a_switch_needs_a_reason(marketing):
    with pytest.raises(Misshapen):
        turn(marketing, is_on=False, reason=" ")


def test_an_operator_sees_all_switches_of_the_service(marketing):
    turn(marketing, is_on=False)
    (shown,) = marketing.list_switches(OPERATOR, {})["items"]
    assert (shown["name"], shown["is_on"], shown["reason"]) == ("coupons", False, "abuse")
    assert set(shown["allows"]) == {"zh", "en"}
