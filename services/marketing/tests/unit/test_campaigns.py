"""Which campaigns are valid, and when their coupons can be claimed."""

from datetime import timedelta

import pytest

from marketing.coupons.model.campaigns import (
    CampaignInvalid,
    CampaignNotOpen,
    CampaignPaused,
    CampaignState,
    CouponLimitReached,
    CouponsExhausted,
)
from services.marketing.tests.builders import NOON, campaign, terms, yuan
from shared.contracts.marketing import views
from shared.money import Money


def test_a_valid_campaign_is_open_within_its_time():
    offered = campaign(NOON)
    offered.check_valid("CNY", NOON)
    offered.check_open(NOON)
    for timestamp in (offered.starts_at - timedelta(seconds=1), offered.ends_at):
        with pytest.raises(CampaignNotOpen):
            offered.check_open(timestamp)


@pytest.mark.parametrize(
    ("known", "hours", "state"),
    [
        ({}, 0, "running"),
        ({}, -24, "running"),
        ({}, -25, "scheduled"),
        ({}, 24, "ended"),
        ({"claimed": 1000}, 0, "exhausted"),
        ({"paused": True}, 0, "paused"),
        ({"paused": True}, -25, "paused"),
        ({"paused": True, "claimed": 1000}, 0, "paused"),
        ({"paused": True}, 24, "ended"),
    ],
)
def test_the_state_of_a_campaign_says_why_nothing_can_be_claimed(known, hours, state):
    assert campaign(NOON, **known).state_at(NOON + timedelta(hours=hours)) == state


def test_the_contract_has_the_states_of_a_campaign():
    assert {each.value for each in views.CampaignState} == {each.value for each in CampaignState}


def test_nothing_can_be_claimed_of_a_paused_campaign():
    with pytest.raises(CampaignPaused):
        campaign(NOON, paused=True).check_open(NOON)


@pytest.mark.parametrize(
    ("known", "fields"),
    [
        ({"terms": terms(discount=yuan(101))}, {"discount"}),
        ({"terms": terms(discount=yuan(0))}, {"discount"}),
        ({"terms": terms(threshold=yuan(-1))}, {"threshold", "discount"}),
        ({"terms": terms(threshold=Money(10**13))}, {"threshold"}),
        ({"terms": terms(threshold=Money(100, "USD"), discount=Money(1, "USD"))}, {"threshold", "discount"}),
        ({"total_limit": 1, "per_person_limit": 2}, {"per_person_limit"}),
        ({"ends_at": NOON - timedelta(days=2)}, {"ends_at"}),
        ({"starts_at": NOON - timedelta(days=9), "ends_at": NOON}, {"ends_at"}),
    ],
)
def test_an_invalid_campaign_is_refused_field_by_field(known, fields):
    with pytest.raises(CampaignInvalid) as refused:
        campaign(NOON, **known).check_valid("CNY", NOON)
    assert set(refused.value.facts["errors"]) == fields


def test_a_campaign_without_coupons_left_is_exhausted():
    with pytest.raises(CouponsExhausted):
        campaign(NOON, total_limit=5, claimed=5, per_person_limit=1).check_open(NOON)


def test_the_coupons_of_one_shopper_are_limited():
    offered = campaign(NOON, per_person_limit=2)
    offered.check_user_limit(1)
    with pytest.raises(CouponLimitReached):
        offered.check_user_limit(2)
