"""Accounts, sessions, roles, addresses and shops."""
