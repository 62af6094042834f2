"""Campaigns are offered, and their coupons given out."""

from typing import Any

from marketing import documents, tariff
from marketing.domain.campaigns import Campaign, CouponsGone
from marketing.domain.coupons import Coupon, CouponState
from marketing.schemas import Claim, NewCampaign
from marketing.work import Work
from shared import shapes
from shared.auth import Caller
from shared.contracts.marketing import CouponIssued
from shared.ids import new_id


def create_campaign(work: Work, caller: Caller, asked: NewCampaign) -> dict[str, Any]:
    """Offer a campaign in the caller's own shop. Raises Forbidden, CampaignUnsound."""
    caller.require_shop(asked.shop_id)

    def create() -> dict[str, Any]:
        campaign = asked.campaign()
        campaign.check_sound(tariff.currency(), work.now)
        work.campaigns.add(campaign)
        return documents.campaign(campaign)

    return work.once(caller, "create_campaign", asked.idempotency_key, shapes.dump(asked), create)


def claim_coupon(work: Work, caller: Caller, asked: Claim) -> dict[str, Any]:
    """Give the caller a coupon.

    Raises CampaignUnknown, CampaignNotOpen, CouponsGone, CouponLimitReached.
    """

    def claim() -> dict[str, Any]:
        campaign = _take_one(work, asked)
        had = work.coupons.had_by(caller.account, campaign.campaign_id)
        campaign.check_person(had)
        return documents.coupon(_issue(work, campaign, caller, had + 1), work.now)

    return work.once(caller, "claim_coupon", asked.idempotency_key, shapes.dump(asked), claim)


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
