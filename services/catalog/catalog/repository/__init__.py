"""Rows in and out; no rules."""
