"""Coupons, for shoppers."""

from gateway.route import create, get, tagged
from shared.contracts.marketing import requests as m

ROUTES = tagged(
    "Coupons",
    get("/coupon-campaigns", m.ListCampaigns, "List coupons to be had"),
    create("/coupon-campaigns/{campaign_id:uuid}/claims", m.ClaimCoupon, "Claim a coupon"),
    get("/me/coupons", m.ListMyCoupons, "List my coupons"),
)
