"""Changing a password, and recovering a forgotten one."""
