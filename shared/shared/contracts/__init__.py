"""The contracts of the services, a package for each owner: its events, commands, requests and views."""

from shared.contracts import catalog, marketing, orders, payments, users

__all__ = ["catalog", "marketing", "orders", "payments", "users"]
