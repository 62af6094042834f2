"""Campaigns of shops, and their coupons."""
