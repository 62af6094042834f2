"""Campaigns of shops, the coupons that they give out, and what checkouts do with them."""
