"""Rows of users, as the domain's dataclasses and back."""
