"""Coupons, for shoppers."""

from gateway.route import SHOPPER, create, get, tagged
from gateway.schemas import marketing as m
from gateway.schemas.lists import Page, page_of

CLAIMS = "/coupon-campaigns/{campaign_id:uuid}/claims"

ROUTES = [
    *tagged(
        "Coupons",
        get(
            "/coupon-campaigns",
            "marketing.list_campaigns",
            "Coupons to be had",
            query=m.CampaignSearch,
            answers=page_of(m.Campaign),
        ),
    ),
    *tagged(
        "Coupons",
        create(CLAIMS, "marketing.claim_coupon", "Take a coupon", answers=m.Coupon),
        get("/me/coupons", "marketing.my_coupons", "My coupons", query=Page, answers=page_of(m.Coupon)),
        who=SHOPPER,
    ),
]
