"""Rows of marketing's database as domain objects, and back."""
