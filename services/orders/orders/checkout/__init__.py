"""Checkouts: a quote becomes a checkout with one order per shop, within limits."""
