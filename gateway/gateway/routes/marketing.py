"""Quotes and coupons, for shoppers; coupon campaigns, for shops."""

from gateway import composed, composing
from gateway.admission import Step
from gateway.route import create, get, post, tagged
from shared.contracts.marketing import requests as m

CAMPAIGN = "/merchant/coupon-campaigns/{campaign_id:uuid}"
QUOTED = {
    "step": Step.QUOTE,
    "compose": composing.quote,
    "joins": ("catalog.get_skus",),
    "answers": composed.Quote,
}

ROUTES = [
    *tagged(
        "Checkout",
        post("/quotes", m.RequestQuote, "Price a basket, with reasons", **QUOTED),
        get("/shipping-terms", m.GetShippingTerms, "Show what shipping to a place costs"),
    ),
    *tagged(
        "Coupons",
        get("/coupon-campaigns", m.ListCampaigns, "List coupons that can be claimed"),
        create("/coupon-campaigns/{campaign_id:uuid}/claims", m.ClaimCoupon, "Claim a coupon"),
        get("/me/coupons", m.ListMyCoupons, "List my coupons"),
        get("/merchant/coupon-campaigns", m.ListShopCampaigns, "List a shop's coupon campaigns"),
        create("/merchant/coupon-campaigns", m.CreateCampaign, "Create a coupon campaign"),
        get(CAMPAIGN, m.GetShopCampaign, "Show a coupon campaign and its figures"),
        post(f"{CAMPAIGN}/pause", m.PauseCampaign, "Pause a coupon campaign"),
        post(f"{CAMPAIGN}/resume", m.ResumeCampaign, "Resume a coupon campaign"),
    ),
]
