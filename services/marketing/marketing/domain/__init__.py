"""The rules of prices, campaigns and coupons in plain Python."""
