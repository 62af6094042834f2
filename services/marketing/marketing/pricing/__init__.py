"""Quotes: the price of a basket with its reasons, from a copy of catalog's prices, signed for its buyer."""
