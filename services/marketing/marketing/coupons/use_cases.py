"""Campaigns are offered and their coupons given out; a checkout's benefits are held, released, redeemed, restored.

Every command of a checkout is replied to, a repeated one from what is stored; the fact is said once, when it
becomes true.
"""

from uuid import UUID

from marketing.coupons.model.benefits import OUT_OF_ORDER, Benefits, BenefitsNotReady, BenefitsState
from marketing.coupons.model.campaigns import Campaign, CouponsExhausted, ShopSuspended, Terms
from marketing.coupons.model.coupons import Coupon, CouponState, Move
from marketing.currency import currency
from marketing.texts import Text
from marketing.work import Work
from shared import acts
from shared.auth import Caller
from shared.contracts import users
from shared.contracts.marketing import (
    BenefitsHeld,
    BenefitsMoveRefusal,
    BenefitsMoveRefused,
    BenefitsRedeemed,
    BenefitsRefusal,
    BenefitsRefused,
    BenefitsReleased,
    BenefitsRestored,
    CouponIssued,
    HoldBenefits,
    RedeemBenefits,
    ReleaseBenefits,
    RestoreBenefits,
)
from shared.contracts.marketing.requests import CreateCampaign
from shared.db import OpenWork
from shared.ids import new_id

AT_ONCE = 1000


def create_campaign(work: Work, caller: Caller, asked: CreateCampaign) -> Campaign:
    """Offer a campaign in the caller's own shop. Raises Forbidden, ShopSuspended, CampaignInvalid."""
    caller.require_shop(asked.shop_id)
    _check_selling(work, asked.shop_id)
    campaign = _campaign(asked)
    campaign.check_sound(currency(), work.now)
    work.campaigns.add(campaign)
    acts.tell(campaign_id=str(campaign.campaign_id), name=campaign.terms.name.zh)
    return campaign


def _campaign(asked: CreateCampaign) -> Campaign:
    """The campaign itself, under a new id; nobody has claimed a coupon yet."""
    return Campaign(
        campaign_id=new_id(),
        terms=Terms(asked.shop_id, Text(asked.name.zh, asked.name.en), asked.threshold, asked.discount),
        total_limit=asked.total_limit,
        per_person_limit=asked.per_person_limit,
        claimed=0,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
    )


def claim_coupon(work: Work, caller: Caller, campaign_id: UUID) -> Coupon:
    """Give the caller a coupon.

    Raises CampaignNotFound, CampaignNotOpen, CouponsExhausted, CouponLimitReached, ShopSuspended.
    """
    campaign = _take_one(work, campaign_id)
    _check_selling(work, campaign.terms.shop_id)
    had = work.coupons.had_by(caller.account, campaign.campaign_id)
    campaign.check_person(had)
    return _issue(work, campaign, caller, had + 1)


def _check_selling(work: Work, shop_id: UUID) -> None:
    if work.shops.is_suspended(shop_id):
        raise ShopSuspended


def _take_one(work: Work, campaign_id: UUID) -> Campaign:
    taken = work.campaigns.take_one(campaign_id, work.now)
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
    work.say(CouponIssued(coupon_id=coupon.coupon_id, campaign_id=campaign.campaign_id, user_id=coupon.user_id))
    return coupon


def end_campaigns(open_work: OpenWork[Work]) -> None:
    """Mark the campaigns that are over, so many in each transaction."""
    ended = AT_ONCE
    while ended == AT_ONCE:
        with open_work() as work:
            ended = work.campaigns.end(work.now, AT_ONCE)


def follow_shop(work: Work, event: users.ShopApproved | users.ShopSuspended) -> None:
    """Let a shop offer coupons, or not, unless a newer event is known."""
    work.shops.put(event.shop_id, suspended=isinstance(event, users.ShopSuspended), version=event.version)


def hold_benefits(work: Work, command: HoldBenefits) -> None:
    """Set all the coupons aside, or none. A command past its deadline is refused, and may be given anew."""
    before = work.benefits.lock(command.checkout_id)
    if before.after(Move.HOLD) == before:
        work.reply(_held_or_not(before))
    elif _is_late(work):
        work.reply(
            BenefitsRefused(checkout_id=command.checkout_id, reason=BenefitsRefusal.TOO_LATE, coupon_ids=())
        )
    else:
        decided = _held_or_not(_hold(work, command, before))
        work.reply(decided)
        work.say(decided)


def release_benefits(work: Work, command: ReleaseBenefits) -> None:
    """Set the checkout's coupons free; without any, a hold that comes later is refused. Refused once redeemed."""
    _settle(work, Move.RELEASE, BenefitsReleased(checkout_id=command.checkout_id))


def redeem_benefits(work: Work, command: RedeemBenefits) -> None:
    """Use the held coupons up; refused when nothing is held."""
    _settle(work, Move.REDEEM, BenefitsRedeemed(checkout_id=command.checkout_id))


def restore_benefits(work: Work, command: RestoreBenefits) -> None:
    """Give redeemed coupons back; refused as long as they are still to be redeemed."""
    _settle(work, Move.RESTORE, BenefitsRestored(checkout_id=command.checkout_id))


def _settle(work: Work, move: Move, answer: BenefitsReleased | BenefitsRedeemed | BenefitsRestored) -> None:
    before = work.benefits.lock(answer.checkout_id)
    try:
        after = before.after(move)
    except BenefitsNotReady:
        reason = BenefitsMoveRefusal(OUT_OF_ORDER[move].value)
        work.reply(BenefitsMoveRefused(checkout_id=answer.checkout_id, reason=reason))
        return
    work.reply(answer)
    if after != before:
        work.coupons.move_all(move, answer.checkout_id)
        work.benefits.put(after)
        work.say(answer)


def _hold(work: Work, command: HoldBenefits, before: Benefits) -> Benefits:
    owned = work.coupons.lock_owned(command.buyer_id, command.coupon_ids) if command.coupon_ids else {}
    after = before.hold(command.coupon_ids, owned, work.now)
    if after.state is BenefitsState.HELD:
        work.coupons.hold(command.coupon_ids, command.checkout_id)
    work.benefits.put(after)
    return after


def _held_or_not(benefits: Benefits) -> BenefitsHeld | BenefitsRefused:
    if benefits.state in {BenefitsState.HELD, BenefitsState.REDEEMED}:
        return BenefitsHeld(checkout_id=benefits.checkout_id)
    reason = BenefitsRefusal(benefits.reason) if benefits.reason else BenefitsRefusal.RELEASED
    return BenefitsRefused(checkout_id=benefits.checkout_id, reason=reason, coupon_ids=benefits.refused)


def _is_late(work: Work) -> bool:
    not_after = work.cause.not_after if work.cause else None
    return not_after is not None and work.now > not_after
