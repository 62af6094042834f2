"""A checkout's benefits are held, released, redeemed, restored.

Every command is replied to, a repeated one from what is stored; the fact is said once, when it becomes true.
"""

from marketing.domain.benefits import OUT_OF_ORDER, Benefits, BenefitsNotReady, BenefitsState
from marketing.domain.coupons import Move
from marketing.work import Work
from shared.contracts.marketing import (
    BenefitsHeld,
    BenefitsMoveRefusal,
    BenefitsMoveRefused,
    BenefitsRedeemed,
    BenefitsRefusal,
    BenefitsRefused,
    BenefitsReleased,
    BenefitsRestored,
    HoldBenefits,
    RedeemBenefits,
    ReleaseBenefits,
    RestoreBenefits,
)


def hold(work: Work, command: HoldBenefits) -> None:
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


def release(work: Work, command: ReleaseBenefits) -> None:
    """Set the checkout's coupons free; without any, a hold that comes later is refused. Refused once redeemed."""
    _settle(work, Move.RELEASE, BenefitsReleased(checkout_id=command.checkout_id))


def redeem(work: Work, command: RedeemBenefits) -> None:
    """Use the held coupons up; refused when nothing is held."""
    _settle(work, Move.REDEEM, BenefitsRedeemed(checkout_id=command.checkout_id))


def restore(work: Work, command: RestoreBenefits) -> None:
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
