"""Create campaigns, claim coupons, and follow the suspension of shops."""

from uuid import UUID

from marketing.coupons.model.campaigns import Campaign, CouponsExhausted, ShopSuspended, Terms
from marketing.coupons.model.coupons import Coupon, CouponState
from marketing.currency import currency
from marketing.texts import Text
from marketing.work import Work
from shared import operator_actions
from shared.auth import Caller
from shared.contracts import users
from shared.contracts.marketing import CouponIssued
from shared.contracts.marketing.requests import CreateCampaign
from shared.db import OpenWork
from shared.ids import new_id

BATCH_SIZE = 1000


def create_campaign(work: Work, caller: Caller, requested: CreateCampaign) -> Campaign:
    """Create a campaign of the caller's shop. Raises Forbidden, ShopSuspended, CampaignInvalid."""
    caller.require_shop(requested.shop_id)
    _check_selling(work, requested.shop_id)
    campaign = _campaign(requested)
    campaign.check_valid(currency(), work.now)
    work.campaigns.add(campaign)
    operator_actions.describe(campaign_id=str(campaign.campaign_id), name=campaign.terms.name.zh)
    return campaign


def _campaign(requested: CreateCampaign) -> Campaign:
    """The requested campaign under a new id."""
    return Campaign(
        campaign_id=new_id(),
        terms=Terms(
            requested.shop_id, Text(requested.name.zh, requested.name.en), requested.threshold, requested.discount
        ),
        total_limit=requested.total_limit,
        per_person_limit=requested.per_person_limit,
        claimed=0,
        starts_at=requested.starts_at,
        ends_at=requested.ends_at,
    )


def own_campaign(work: Work, caller: Caller, campaign_id: UUID) -> Campaign:
    """A campaign of the caller's shop. Raises CampaignNotFound, Forbidden."""
    campaign = work.campaigns.get(campaign_id)
    caller.require_shop(campaign.terms.shop_id)
    return campaign


def pause(work: Work, caller: Caller, campaign_id: UUID, *, paused: bool) -> Campaign:
    """Pause or resume a campaign; a repeat changes nothing. Raises CampaignNotFound, Forbidden."""
    own_campaign(work, caller, campaign_id)
    operator_actions.describe(about=f"campaign {campaign_id}", paused=paused)
    return work.campaigns.pause(campaign_id, paused=paused)


def claim_coupon(work: Work, caller: Caller, campaign_id: UUID) -> Coupon:
    """Issue a coupon to the caller.

    Raises CampaignNotFound, CampaignNotOpen, CampaignPaused, CouponsExhausted, CouponLimitReached, ShopSuspended.
    """
    campaign = _claim_one(work, campaign_id)
    _check_selling(work, campaign.terms.shop_id)
    had = work.coupons.had_by(caller.account, campaign.campaign_id)
    campaign.check_user_limit(had)
    return _issue(work, campaign, caller, had + 1)


def _check_selling(work: Work, shop_id: UUID) -> None:
    if work.shops.is_suspended(shop_id):
        raise ShopSuspended


def _claim_one(work: Work, campaign_id: UUID) -> Campaign:
    taken = work.campaigns.claim_one(campaign_id, work.now)
    if taken is None:
        work.campaigns.get(campaign_id).check_open(work.now)
        raise CouponsExhausted(campaign_id=str(campaign_id))
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
    work.publish(
        CouponIssued(coupon_id=coupon.coupon_id, campaign_id=campaign.campaign_id, user_id=coupon.user_id)
    )
    return coupon


def end_campaigns(open_work: OpenWork[Work]) -> None:
    """Mark the campaigns that have ended, BATCH_SIZE in each transaction."""
    ended = BATCH_SIZE
    while ended == BATCH_SIZE:
        with open_work() as work:
            ended = work.campaigns.end(work.now, BATCH_SIZE)


def follow_shop(work: Work, event: users.ShopApproved | users.ShopSuspended) -> None:
    """Store whether a shop is suspended, unless a newer event was handled."""
    work.shops.put(event.shop_id, suspended=isinstance(event, users.ShopSuspended), version=event.version)
