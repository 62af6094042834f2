"""Reads and writes products and shops, without business rules."""
