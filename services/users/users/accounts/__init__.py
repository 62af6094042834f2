"""Accounts: opening one, who it belongs to, and what its owner may do."""
