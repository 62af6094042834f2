"""The rules of campaigns and coupons, without I/O."""
