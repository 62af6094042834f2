"""Campaigns and coupons as contract views."""

from datetime import datetime
from typing import Any

from marketing.coupons.model.campaigns import Campaign, Usage
from marketing.coupons.model.coupons import Coupon
from marketing.texts import Text
from shared.contracts.marketing import views
from shared.contracts.texts import BilingualName


def campaign(shown: Campaign, at: datetime) -> views.Campaign:
    """A campaign with its state at the time `at`."""
    return views.Campaign(**_facts(shown, at))


def shop_campaign(shown: Campaign, usage: Usage, at: datetime) -> views.ShopCampaign:
    """A campaign with its figures. A redeemed coupon saves its whole discount, which its threshold exceeds."""
    given = shown.terms.discount * usage.redeemed
    return views.ShopCampaign(**_facts(shown, at), held=usage.held, redeemed=usage.redeemed, given=given)


def coupon(shown: Coupon, at: datetime) -> views.Coupon:
    """A coupon with its state at the time `at`."""
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


def _facts(shown: Campaign, at: datetime) -> dict[str, Any]:
    return {
        "campaign_id": shown.campaign_id,
        "shop_id": shown.terms.shop_id,
        "name": _name(shown.terms.name),
        "threshold": shown.terms.threshold,
        "discount": shown.terms.discount,
        "total_limit": shown.total_limit,
        "per_person_limit": shown.per_person_limit,
        "claimed": shown.claimed,
        "starts_at": shown.starts_at,
        "ends_at": shown.ends_at,
        "state": views.CampaignState(shown.state_at(at)),
    }


def _name(shown: Text) -> BilingualName:
    return BilingualName(zh=shown.zh, en=shown.en)
