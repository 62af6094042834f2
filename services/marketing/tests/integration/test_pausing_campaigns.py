"""A shop pauses and resumes its campaigns, and sees what they gave."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen

from marketing.service import MarketingService
from services.marketing.tests.builders import benefits_of, merchant, named, shopper
from services.marketing.tests.stored import give, offer, states
from shared.auth import Caller
from shared.contracts.marketing import HoldBenefits, RedeemBenefits, RestoreBenefits
from shared.errors import Forbidden, Refusal
from shared.ids import new_id
from shared.permissions import Role
from shared.testing import deliver

OPERATOR = Caller(new_id(), new_id(), frozenset({Role.OPERATOR}))


def of(campaign):
    return {"campaign_id": str(campaign.campaign_id)}


def hold(open_work, coupon_ids):
    """Hold these coupons for a new checkout; returns its id."""
    checkout_id = new_id()
    held = HoldBenefits(checkout_id=checkout_id, buyer_id=named("MEI"), benefits=benefits_of(coupon_ids))
    deliver(MarketingService, open_work, held)
    return checkout_id


def figures(shown):
    return {name: shown[name] for name in ("claimed", "held", "redeemed")} | {"given": shown["given"]["amount"]}


def test_a_paused_campaign_gives_no_coupons_and_is_not_offered_until_it_is_resumed(marketing, offered):
    assert marketing.pause_campaign(merchant(), of(offered))["state"] == "paused"
    with pytest.raises(Refusal) as refused:
        marketing.claim_coupon(shopper(), of(offered))
    assert refused.value.code == "campaign_paused"
    assert marketing.list_campaigns(shopper(), {})["items"] == []
    assert marketing.resume_campaign(merchant(), of(offered))["state"] == "running"
    marketing.claim_coupon(shopper(), of(offered))
    assert marketing.list_campaigns(shopper(), {})["items"][0]["state"] == "running"


def test_coupons_that_were_claimed_before_stay_valid(marketing, open_work, offered):
    mine = give(open_work, offered)
    marketing.pause_campaign(merchant(), of(offered))
    assert marketing.list_my_coupons(shopper(), {})["items"][0]["state"] == "free"
    checkout_id = hold(open_work, mine)
    deliver(MarketingService, open_work, RedeemBenefits(checkout_id=checkout_id))
    assert states(open_work, mine) == ["redeemed"]


def test_pausing_twice_is_pausing_once(marketing, offered):
    once = marketing.pause_campaign(merchant(), of(offered))
    assert marketing.pause_campaign(merchant(), of(offered)) == once


def test_a_shop_sees_how_its_coupons_are_used_and_what_they_gave(marketing, open_work):
    campaign = offer(open_work)
    for _ in range(5):
        marketing.claim_coupon(shopper(), of(campaign))
    coupons = [one["coupon_id"] for one in marketing.list_my_coupons(shopper(), {})["items"]]
    hold(open_work, coupons[:1])
    paid = [hold(open_work, [one]) for one in coupons[1:4]]
    for checkout_id in paid:
        deliver(MarketingService, open_work, RedeemBenefits(checkout_id=checkout_id))
    assert figures(marketing.get_shop_campaign(merchant(), of(campaign))) == {
        "claimed": 5,
        "held": 1,
        "redeemed": 3,
        "given": 6000,
    }
    deliver(MarketingService, open_work, RestoreBenefits(checkout_id=paid[0]))
    unused = offer(open_work)
    listed = marketing.list_shop_campaigns(merchant(), {"shop_id": str(named("TEA-HOUSE"))})["items"]
    assert [one["campaign_id"] for one in listed] == [str(unused.campaign_id), str(campaign.campaign_id)]
    assert [figures(one)["redeemed"] for one in listed] == [0, 2]
    assert listed[1]["given"] == {"amount": 4000, "currency": "CNY"}


@pytest.mark.parametrize("method", ["get_shop_campaign", "pause_campaign", "resume_campaign"])
def test_another_shops_campaign_is_refused_and_an_unknown_one_is_not_found(marketing, offered, method):
    with pytest.raises(Forbidden):
        getattr(marketing, method)(merchant("STATIONER"), of(offered))
    with pytest.raises(Refusal) as refused:
        getattr(marketing, method)(merchant(), {"campaign_id": str(new_id())})
    assert refused.value.code == "campaign_not_found"


def test_an_operator_who_pauses_a_shops_campaign_is_in_the_log(marketing, offered):
    marketing.pause_campaign(OPERATOR, of(offered))
    (entry,) = marketing.list_operator_log(OPERATOR, {})["items"]
    assert (entry["action"], entry["about"]) == ("campaign.pause", f"campaign {offered.campaign_id}")
    assert entry["after"] == {"paused": True}


def test_coupons_that_nobody_used_are_not_read_for_the_figures(open_work, offered):
    with open_work() as work:
        work.connection.execute(text("SET LOCAL enable_seqscan = off"))
        work.connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        sent = []
        listen(work.connection, "before_cursor_execute", lambda *what: sent.append(what[2:4]))
        work.campaigns.usage([offered.campaign_id])
        plan = "\n".join(work.connection.exec_driver_sql(f"EXPLAIN {sent[0][0]}", sent[0][1]).scalars())
    assert re.search("Index (Only )?Scan using coupons_taken", plan), plan
