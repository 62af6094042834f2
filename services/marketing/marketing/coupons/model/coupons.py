"""A coupon's states: free → held for one checkout → redeemed; free again if that is cancelled before shipping."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from marketing.benefits.front import HoldRefusal
from marketing.coupons.model.campaigns import Terms
from shared.errors import Conflict

# A quote made in a coupon's last second is valid for 15 minutes, and the command of its checkout may arrive some
# minutes later.
HOLDABLE_AFTER_END = timedelta(minutes=20)


class CouponState(StrEnum):
    """The state of a coupon; only a held or redeemed one belongs to a checkout."""

    FREE = "free"
    HELD = "held"
    REDEEMED = "redeemed"


class Transition(StrEnum):
    """A change of a coupon's state; its value is stored in coupon_transitions."""

    ISSUE = "issue"
    HOLD = "hold"
    RELEASE = "release"
    REDEEM = "redeem"
    RESTORE = "restore"


TRANSITIONS: dict[Transition, tuple[CouponState, CouponState]] = {
    Transition.HOLD: (CouponState.FREE, CouponState.HELD),
    Transition.RELEASE: (CouponState.HELD, CouponState.FREE),
    Transition.REDEEM: (CouponState.HELD, CouponState.REDEEMED),
    Transition.RESTORE: (CouponState.REDEEMED, CouponState.FREE),
}


class Obstacle(StrEnum):
    """Why a requested coupon cannot be used in this quote."""

    UNKNOWN = "unknown"
    TAKEN = "taken"
    EXPIRED = "expired"
    BELOW_THRESHOLD = "below_threshold"
    NO_GOODS_OF_SHOP = "no_goods_of_shop"
    ONE_PER_SHOP = "one_per_shop"
    NOT_COMBINABLE = "not_combinable"


class CouponNotApplicable(Conflict):
    """This coupon cannot be used for this basket."""

    code = "coupon_not_applicable"

    def __init__(self, coupon_id: UUID, reason: Obstacle, **facts: Any) -> None:
        super().__init__(f"The coupon cannot be used: {reason}.", coupon_id=str(coupon_id), reason=reason, **facts)


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon of one shopper. `expires_at` never changes: restored after it, the coupon is expired."""

    coupon_id: UUID
    campaign_id: UUID
    user_id: UUID
    state: CouponState
    checkout_id: UUID | None
    expires_at: datetime
    terms: Terms

    def check_usable(self, at: datetime) -> None:
        """Raise CouponNotApplicable unless it is free and not expired."""
        if self.state != CouponState.FREE:
            raise CouponNotApplicable(self.coupon_id, Obstacle.TAKEN)
        if at >= self.expires_at:
            raise CouponNotApplicable(self.coupon_id, Obstacle.EXPIRED)

    def is_too_old_to_hold(self, at: datetime) -> bool:
        """Whether it has expired, also for a checkout whose quote was made before."""
        return at - HOLDABLE_AFTER_END >= self.expires_at  # adding to expires_at could overflow datetime.max

    def state_at(self, at: datetime) -> str:
        """Its state as shown: a free coupon past its end is `expired`."""
        return "expired" if self.state is CouponState.FREE and at >= self.expires_at else self.state


def hold_refusal(coupon: Coupon | None, at: datetime) -> HoldRefusal | None:
    """Why a coupon cannot be held at the time `at`, or None. `coupon` is None if it is not the buyer's."""
    if coupon is None:
        return HoldRefusal.UNKNOWN
    if coupon.state is not CouponState.FREE:
        return HoldRefusal.TAKEN
    return HoldRefusal.EXPIRED if coupon.is_too_old_to_hold(at) else None
