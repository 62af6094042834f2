"""Quotes: what a basket costs and why, by a copy of the catalogue's prices, signed for its buyer."""
