"""Coupons as a kind of benefit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from marketing.benefits.front import HoldRefusal
from marketing.coupons.model.coupons import Coupon, CouponNotApplicable, Obstacle, Transition, hold_refusal
from shared.contracts.marketing import CouponBenefit

if TYPE_CHECKING:
    from marketing.work import Work  # circular: Work has the kinds


class CouponKind:
    """A coupon is held as a whole, and restored when the whole checkout is cancelled before shipping."""

    benefit = CouponBenefit

    def __init__(self, work: "Work") -> None:
        self._work = work

    def rights(self, buyer_id: UUID, wanted: Sequence[CouponBenefit]) -> Sequence[Coupon]:
        """The coupons themselves. Raises CouponNotApplicable if one is not the buyer's, taken or expired."""
        owned = self._work.coupons.owned(buyer_id, [each.coupon_id for each in wanted])
        for each in wanted:
            if each.coupon_id not in owned:
                raise CouponNotApplicable(each.coupon_id, Obstacle.UNKNOWN)
        for coupon in owned.values():
            coupon.check_usable(self._work.now)
        return [owned[each.coupon_id] for each in wanted]

    def check(self, buyer_id: UUID, wanted: Sequence[CouponBenefit]) -> dict[CouponBenefit, HoldRefusal]:
        """Those that cannot be held, and why, in the order of their ids, in which they are locked too."""
        by_id = {each.coupon_id: each for each in wanted}
        owned = self._work.coupons.lock_owned(buyer_id, by_id)
        found = {by_id[one]: hold_refusal(owned.get(one), self._work.now) for one in sorted(by_id)}
        return {benefit: refusal for benefit, refusal in found.items() if refusal}

    def hold(self, checkout_id: UUID, _buyer_id: UUID, wanted: Sequence[CouponBenefit]) -> None:
        """Hold free coupons, which `check` has locked."""
        self._work.coupons.hold([each.coupon_id for each in wanted], checkout_id)

    def release(self, checkout_id: UUID, _held: Sequence[CouponBenefit]) -> None:
        """Make held coupons free again; `expires_at` does not change."""
        self._work.coupons.transition_all(Transition.RELEASE, checkout_id)

    def redeem(self, checkout_id: UUID, _held: Sequence[CouponBenefit]) -> None:
        """Make held coupons redeemed."""
        self._work.coupons.transition_all(Transition.REDEEM, checkout_id)

    def restore(self, checkout_id: UUID, _held: Sequence[CouponBenefit]) -> None:
        """Make redeemed coupons free again; `expires_at` does not change."""
        self._work.coupons.transition_all(Transition.RESTORE, checkout_id)
