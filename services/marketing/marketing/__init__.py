"""Marketing: what a buyer pays and why, and the coupons that change it."""
