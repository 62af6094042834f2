"""How much of each SKU there is, and what is set aside of it."""
