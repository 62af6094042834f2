"""Accounts: registration, profiles and roles."""
