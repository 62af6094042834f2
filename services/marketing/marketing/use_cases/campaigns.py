"""Campaigns are offered, and their coupons given out."""

from typing import Any
from uuid import UUID

from marketing import documents, tariff
from marketing.domain.campaigns import Campaign, CouponsGone, ShopSuspended
from marketing.domain.coupons import Coupon, CouponState
from marketing.schemas import Claim, NewCampaign
from marketing.work import Work
from shared import acts, shapes
from shared.auth import Caller
from shared.contracts.marketing import CouponIssued
from shared.db import OpenWork
from shared.ids import new_id

AT_ONCE = 1000


def create_campaign(work: Work, caller: Caller, asked: NewCampaign) -> dict[str, Any]:
    """Offer a campaign in the caller's own shop. Raises Forbidden, ShopSuspended, CampaignUnsound."""
    caller.require_shop(asked.shop_id)

    def create() -> dict[str, Any]:
        _check_selling(work, asked.shop_id)
        campaign = asked.campaign()
        campaign.check_sound(tariff.currency(), work.now)
        work.campaigns.add(campaign)
        acts.tell(campaign_id=str(campaign.campaign_id), name=campaign.terms.name.zh)
        return documents.campaign(campaign)

    return work.once(caller, "create_campaign", asked.idempotency_key, shapes.dump(asked), create)


def claim_coupon(work: Work, caller: Caller, asked: Claim) -> dict[str, Any]:
    """Give the caller a coupon.

    Raises CampaignUnknown, CampaignNotOpen, CouponsGone, CouponLimitReached, ShopSuspended.
    """

    def claim() -> dict[str, Any]:
        campaign = _take_one(work, asked)
        _check_selling(work, campaign.terms.shop_id)
        had = work.coupons.had_by(caller.account, campaign.campaign_id)
        campaign.check_person(had)
        return documents.coupon(_issue(work, campaign, caller, had + 1), work.now)

    return work.once(caller, "claim_coupon", asked.idempotency_key, shapes.dump(asked), claim)


def _check_selling(work: Work, shop_id: UUID) -> None:
    if work.shops.is_suspended(shop_id):
        raise ShopSuspended


def end(open_work: OpenWork[Work]) -> None:
    """Mark the campaigns that are over, so many in each transaction."""
    ended = AT_ONCE
    while ended == AT_ONCE:
        with open_work() as work:
            ended = work.campaigns.end(work.now, AT_ONCE)


def _take_one(work: Work, asked: Claim) -> Campaign:
    taken = work.campaigns.take_one(asked.campaign_id, work.now)
    if taken is None:
        work.campaigns.get(asked.campaign_id).check_open(work.now)
        raise CouponsGone(campaign_id=str(asked.campaign_id))
    return taken


def _issue(work: Work, campaign: Campaign, caller: Caller, nth: int) -> Coupon:
    coupon = Coupon(
        coupon_id=new_id(),
        campaign_id=campaign.campaign_id,
        user_id=caller.account,
        state=CouponState.FREE,
        checkout_id=None,
        expires_at=campaign.ends_at,
        terms=campaign.terms,
    )
    work.coupons.issue(coupon, nth)
    work.say(CouponIssued(coupon_id=coupon.coupon_id, campaign_id=campaign.campaign_id, user_id=coupon.user_id))
    return coupon
