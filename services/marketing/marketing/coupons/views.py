"""Campaigns and coupons as they are shown, and pages of them."""

from datetime import datetime
from typing import TypeVar

from marketing.coupons.model.campaigns import Campaign
from marketing.coupons.model.coupons import Coupon
from marketing.texts import Text
from shared.contracts.marketing import views
from shared.contracts.texts import BilingualName

T = TypeVar("T")
V = TypeVar("V")


def campaign(shown: Campaign) -> views.Campaign:
    """A campaign, its terms among its own fields."""
    return views.Campaign(
        campaign_id=shown.campaign_id,
        shop_id=shown.terms.shop_id,
        name=_name(shown.terms.name),
        threshold=shown.terms.threshold,
        discount=shown.terms.discount,
        total_limit=shown.total_limit,
        per_person_limit=shown.per_person_limit,
        claimed=shown.claimed,
        starts_at=shown.starts_at,
        ends_at=shown.ends_at,
    )


def coupon(shown: Coupon, at: datetime) -> views.Coupon:
    """A coupon for its owner, as it is at this time."""
    return views.Coupon(
        coupon_id=shown.coupon_id,
        campaign_id=shown.campaign_id,
        state=views.CouponState(shown.state_at(at)),
        expires_at=shown.expires_at,
        shop_id=shown.terms.shop_id,
        name=_name(shown.terms.name),
        threshold=shown.terms.threshold,
        discount=shown.terms.discount,
    )


def _name(shown: Text) -> BilingualName:
    return BilingualName(zh=shown.zh, en=shown.en)
