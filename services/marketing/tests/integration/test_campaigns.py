"""Merchants create campaigns, shoppers claim coupons; limits hold under concurrency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen

from marketing.service import MarketingService
from services.marketing.tests.builders import merchant, named, shopper
from services.marketing.tests.stored import give, offer
from shared.auth import Caller
from shared.contracts import users
from shared.contracts.marketing import CouponIssued
from shared.errors import Forbidden, Refusal
from shared.ids import new_id
from shared.permissions import Role
from shared.shapes import Misshapen
from shared.testing import deliver, published


def request(**known):
    now = datetime.now(UTC)
    about = {
        "shop_id": str(named("TEA-HOUSE")),
        "name": {"zh": "春茶满百减二十", "en": "Spring tea: 20 off 100"},
        "threshold": {"amount": 10000, "currency": "CNY"},
        "discount": {"amount": 2000, "currency": "CNY"},
        "total_limit": 100,
        "per_person_limit": 2,
        "starts_at": (now - timedelta(minutes=1)).isoformat(),
        "ends_at": (now + timedelta(days=1)).isoformat(),
    }
    return about | known


def claim(marketing, campaign_id, name="MEI", **known):
    return marketing.claim_coupon(shopper(name), {"campaign_id": str(campaign_id), **known})


def codes(answers):
    return sorted(answer if isinstance(answer, str) else "claimed" for answer in answers)


def claimed_by_each(marketing, campaign, names):
    def one(name):
        try:
            return claim(marketing, campaign.campaign_id, name)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(10) as pool:
        return codes(pool.map(one, names))


def test_a_campaign_that_a_merchant_creates_is_public(marketing):
    made = marketing.create_campaign(merchant(), request())
    (shown,) = marketing.list_campaigns(shopper(), {})["items"]
    assert shown == made
    assert made["name"] == {"zh": "春茶满百减二十", "en": "Spring tea: 20 off 100"}
    assert made["discount"] == {"amount": 2000, "currency": "CNY"}


def test_a_merchant_cannot_create_or_list_campaigns_of_another_shop(marketing):
    with pytest.raises(Forbidden):
        marketing.create_campaign(merchant("STATIONER"), request())
    with pytest.raises(Forbidden):
        marketing.list_shop_campaigns(merchant("STATIONER"), {"shop_id": str(named("TEA-HOUSE"))})


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": 10000},
        {"threshold": {"amount": "100", "currency": "CNY"}},
        {"name": {"zh": "只有中文"}},
        {"total_limit": 0},
        {"total_limit": 10**9},
        {"per_person_limit": True},
        {"starts_at": "2026-01-01T00:00:00"},
        {"starts_at": "1999-12-31T23:59:59Z"},
        {"ends_at": "2100-01-01T00:00:00Z"},
        {"ends_at": "9999-12-31T23:59:59Z"},
        {"shop_id": "tea-house"},
    ],
)
def test_a_misshapen_campaign_is_refused_by_its_field(marketing, wrong):
    with pytest.raises(Misshapen) as refused:
        marketing.create_campaign(merchant(), request(**wrong))
    assert set(refused.value.errors) == set(wrong)


def test_an_invalid_campaign_is_refused_and_not_stored(marketing):
    with pytest.raises(Refusal) as refused:
        marketing.create_campaign(merchant(), request(discount={"amount": 20000, "currency": "CNY"}))
    assert refused.value.code == "campaign_invalid"
    assert marketing.list_campaigns(shopper(), {})["items"] == []


def test_the_same_key_makes_one_campaign(marketing):
    requested = request(idempotency_key="spring")
    assert marketing.create_campaign(merchant(), requested) == marketing.create_campaign(merchant(), requested)
    with pytest.raises(Refusal) as refused:
        marketing.create_campaign(merchant(), requested | {"total_limit": 7})
    assert refused.value.code == "idempotency_key_reused"


def test_a_claimed_coupon_belongs_to_the_shopper_and_is_published(marketing, open_work, offered):
    mine = claim(marketing, offered.campaign_id)
    assert marketing.list_my_coupons(shopper(), {})["items"] == [mine]
    assert (mine["state"], mine["discount"]["amount"]) == ("free", 2000)
    (event,) = published(open_work)
    assert isinstance(event, CouponIssued)
    assert str(event.coupon_id) == mine["coupon_id"]


def test_of_fifty_concurrent_claims_one_gets_the_last_coupon(marketing, open_work):
    last = offer(open_work, total_limit=1, per_person_limit=1)
    answers = claimed_by_each(marketing, last, [f"SHOPPER-{n}" for n in range(50)])
    assert answers == ["claimed", *["coupons_exhausted"] * 49]


def test_fifty_concurrent_claims_of_one_shopper_do_not_exceed_the_limit(marketing, open_work):
    twice = offer(open_work, per_person_limit=2)
    answers = claimed_by_each(marketing, twice, ["MEI"] * 50)
    assert answers == ["claimed", "claimed", *["coupon_limit_reached"] * 48]
    (shown,) = marketing.list_campaigns(shopper(), {})["items"]
    assert shown["claimed"] == 2


def test_the_same_key_claims_one_coupon(marketing, offered):
    first = claim(marketing, offered.campaign_id, idempotency_key="once")
    assert claim(marketing, offered.campaign_id, idempotency_key="once") == first


@pytest.mark.parametrize(("begins", "ends"), [(1, 2), (-2, -1)])
def test_no_coupon_is_claimed_before_the_start_or_after_the_end_of_a_campaign(marketing, open_work, begins, ends):
    now = datetime.now(UTC)
    closed = offer(open_work, starts_at=now + timedelta(hours=begins), ends_at=now + timedelta(hours=ends))
    with pytest.raises(Refusal) as refused:
        claim(marketing, closed.campaign_id)
    assert refused.value.code == "campaign_not_open"
    assert marketing.list_campaigns(shopper(), {})["items"] == []
    shop = {"shop_id": str(named("TEA-HOUSE"))}
    assert len(marketing.list_shop_campaigns(merchant(), shop)["items"]) == 1


MANY_ENDED = text("""
    INSERT INTO campaigns SELECT gen_random_uuid(), shop_id, name_zh, name_en, threshold, discount, currency,
        total_limit, per_person_limit, 0, starts_at - interval '9 days', ends_at - interval '9 days'
    FROM campaigns, generate_series(1, 3000)
""")


@pytest.mark.parametrize("shop_id", [None, named("TEA-HOUSE")])
def test_listing_open_campaigns_does_not_read_those_that_ended(marketing, open_work, offered, shop_id):
    with open_work() as work:
        work.connection.execute(MANY_ENDED)
    marketing.end_campaigns()
    with open_work() as work:
        work.connection.execute(text("ANALYZE campaigns"))
        requested = []
        listen(work.connection, "before_cursor_execute", lambda *what: requested.append(what[2:4]))
        assert [each.campaign_id for each in work.campaigns.open_at(work.now, shop_id, None, 21)] == [
            offered.campaign_id
        ]
        (statement, terms) = requested[0]
        plan = work.connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", terms).scalar_one()
    assert rows_read(plan[0]["Plan"]) < 30


def rows_read(node):
    own = (
        node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    )
    return own + sum(map(rows_read, node.get("Plans", ())))


def test_an_ended_campaign_is_marked_once_and_no_other(marketing, open_work):
    now = datetime.now(UTC)
    for hours in (-2, -1, 1):
        offer(open_work, starts_at=now - timedelta(days=1), ends_at=now + timedelta(hours=hours))
    with open_work() as work:
        assert [work.campaigns.end(now, 1) for _ in range(3)] == [1, 1, 0]
    assert len(marketing.list_campaigns(shopper(), {})["items"]) == 1


def test_an_unknown_campaign_is_not_found(marketing):
    with pytest.raises(Refusal) as refused:
        claim(marketing, new_id())
    assert refused.value.code == "campaign_not_found"


def test_a_free_coupon_past_its_end_is_shown_as_expired(marketing, open_work):
    now = datetime.now(UTC)
    ended = offer(open_work, starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    give(open_work, ended)
    assert marketing.list_my_coupons(shopper(), {})["items"][0]["state"] == "expired"


def test_lists_are_read_page_by_page_without_gap_or_overlap(marketing, open_work, offered):
    mine = give(open_work, offered, count=5)
    seen, cursor = [], None
    while True:
        page = marketing.list_my_coupons(shopper(), {"limit": 2, "cursor": cursor})
        seen += [each["coupon_id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [str(each) for each in sorted(mine, reverse=True)]


def test_a_shopper_does_not_see_the_coupons_of_another(marketing, open_work, offered):
    give(open_work, offered, owner="LI LEI")
    assert marketing.list_my_coupons(shopper("MEI"), {})["items"] == []


OPERATOR = Caller(new_id(), new_id(), frozenset({Role.OPERATOR}))


def receive(open_work, event):
    deliver(MarketingService, open_work, event)


def suspended(version):
    return users.ShopSuspended(shop_id=named("TEA-HOUSE"), version=version)


def restored(version):
    shop = {"owner_id": new_id(), "slug": "tea-house", "name": "茶馆"}
    return users.ShopApproved(shop_id=named("TEA-HOUSE"), version=version, **shop)


def test_a_suspended_shop_offers_no_coupons_until_it_is_restored(marketing, open_work, offered):
    receive(open_work, suspended(2))
    for caller in (merchant(), OPERATOR):
        with pytest.raises(Refusal) as refused:
            marketing.create_campaign(caller, request())
        assert refused.value.code == "shop_suspended"
    with pytest.raises(Refusal) as refused:
        claim(marketing, offered.campaign_id)
    assert refused.value.code == "shop_suspended"
    receive(open_work, restored(3))
    receive(open_work, suspended(2))  # arrives late
    marketing.create_campaign(merchant(), request())
    claim(marketing, offered.campaign_id)


def test_a_campaign_that_an_operator_creates_for_a_shop_is_in_the_operator_log(marketing):
    made = marketing.create_campaign(OPERATOR, request())
    marketing.create_campaign(merchant(), request())
    (entry,) = marketing.list_operator_log(OPERATOR, {})["items"]
    assert (entry["actor"], entry["action"]) == (str(OPERATOR.user_id), "campaign.create")
    assert entry["about"] == f"shop {named('TEA-HOUSE')}"
    assert entry["after"]["campaign_id"] == made["campaign_id"]
