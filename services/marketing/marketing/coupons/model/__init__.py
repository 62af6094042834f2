"""The rules of campaigns and coupons in plain Python."""
