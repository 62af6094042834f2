"""What the services tell and ask each other, one package an owner: its events, commands, requests and views."""

from shared.contracts import catalog, marketing, orders, payments, users

__all__ = ["catalog", "marketing", "orders", "payments", "users"]
