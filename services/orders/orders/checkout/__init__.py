"""Checking out: a quote becomes a checkout with an order per shop, within limits."""
