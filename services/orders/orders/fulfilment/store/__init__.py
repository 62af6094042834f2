"""Rows into orders, parcels and carriers' reports, and back."""
