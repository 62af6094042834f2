"""Campaigns of shops, and the coupons that they give out."""
