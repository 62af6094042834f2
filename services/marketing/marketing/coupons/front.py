"""The public interface of this module for the other modules of marketing."""

from marketing.coupons.model.campaigns import Terms
from marketing.coupons.model.coupons import Coupon, CouponNotApplicable, Obstacle

__all__ = ["Coupon", "CouponNotApplicable", "Obstacle", "Terms"]
