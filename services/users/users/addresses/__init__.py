"""Saved addresses of shoppers."""
