"""Marketing: quotes with the reasons for their amounts, campaigns and coupons."""
