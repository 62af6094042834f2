"""What other modules of marketing may use."""

from marketing.coupons.model.campaigns import Terms
from marketing.coupons.model.coupons import Coupon, CouponNotApplicable, Obstacle

__all__ = ["Coupon", "CouponNotApplicable", "Obstacle", "Terms"]
