"""Hold, release, redeem and restore a checkout's benefits; each kind handles its own (`BenefitKind`).

Every command gets a reply, a repeated one from what is stored; the event is published once.
"""

from collections.abc import Callable, Sequence
from typing import Any

from marketing.benefits.model.benefits import OUT_OF_ORDER, Benefits, BenefitsNotReady, BenefitsState, Transition
from marketing.benefits.model.kinds import BenefitKind
from marketing.work import Work
from shared.contracts.marketing import (
    BenefitsHeld,
    BenefitsRedeemed,
    BenefitsRefusal,
    BenefitsRefused,
    BenefitsReleased,
    BenefitsRestored,
    BenefitsTransitionRefusal,
    BenefitsTransitionRefused,
    HoldBenefits,
    RedeemBenefits,
    ReleaseBenefits,
    RestoreBenefits,
)

OneKind = Callable[[BenefitKind, Sequence[Any]], None]


def hold_benefits(work: Work, command: HoldBenefits) -> None:
    """Hold all the benefits, or none. A command past its deadline is refused, and may be sent again."""
    before = work.benefits.lock(command.checkout_id)
    if before.after(Transition.HOLD) == before:
        work.reply(_reply_to_hold(before))
    elif _is_late(work):
        late = BenefitsRefused(checkout_id=command.checkout_id, reason=BenefitsRefusal.TOO_LATE, benefits=())
        work.reply(late)
    else:
        decided = _reply_to_hold(_hold(work, command, before))
        work.reply(decided)
        work.publish(decided)


def release_benefits(work: Work, command: ReleaseBenefits) -> None:
    """Release what the checkout holds; a hold that comes later is refused. Refused once redeemed."""
    released = BenefitsReleased(checkout_id=command.checkout_id)
    _settle(work, Transition.RELEASE, released, lambda kind, own: kind.release(command.checkout_id, own))


def redeem_benefits(work: Work, command: RedeemBenefits) -> None:
    """Redeem what is held; refused when nothing is held."""
    redeemed = BenefitsRedeemed(checkout_id=command.checkout_id)
    _settle(work, Transition.REDEEM, redeemed, lambda kind, own: kind.redeem(command.checkout_id, own))


def restore_benefits(work: Work, command: RestoreBenefits) -> None:
    """Restore what was redeemed; refused while it is only held."""
    restored = BenefitsRestored(checkout_id=command.checkout_id)
    _settle(work, Transition.RESTORE, restored, lambda kind, own: kind.restore(command.checkout_id, own))


def _settle(
    work: Work, move: Transition, answer: BenefitsReleased | BenefitsRedeemed | BenefitsRestored, action: OneKind
) -> None:
    before = work.benefits.lock(answer.checkout_id)
    try:
        after = before.after(move)
    except BenefitsNotReady:
        reason = BenefitsTransitionRefusal(OUT_OF_ORDER[move].value)
        work.reply(BenefitsTransitionRefused(checkout_id=answer.checkout_id, reason=reason))
        return
    work.reply(answer)
    if after != before:
        for kind, own in work.kinds.of(before.held):
            action(kind, own)
        work.benefits.put(after)
        work.publish(answer)


def _hold(work: Work, command: HoldBenefits, before: Benefits) -> Benefits:
    after = before.hold(command.benefits, work.kinds.check(command.buyer_id, command.benefits))
    for kind, own in work.kinds.of(after.held):
        kind.hold(command.checkout_id, command.buyer_id, own)
    work.benefits.put(after)
    return after


def _reply_to_hold(benefits: Benefits) -> BenefitsHeld | BenefitsRefused:
    if benefits.state in {BenefitsState.HELD, BenefitsState.REDEEMED}:
        return BenefitsHeld(checkout_id=benefits.checkout_id)
    reason = BenefitsRefusal(benefits.reason) if benefits.reason else BenefitsRefusal.RELEASED
    return BenefitsRefused(checkout_id=benefits.checkout_id, reason=reason, benefits=benefits.refused)


def _is_late(work: Work) -> bool:
    not_after = work.cause.not_after if work.cause else None
    return not_after is not None and work.now > not_after
