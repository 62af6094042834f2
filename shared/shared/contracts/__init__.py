"""The messages of Jishi, one module an owner: what may be commanded, what is said, and how it is answered."""

from shared.contracts import catalog, marketing, orders, payments, users

__all__ = ["catalog", "marketing", "orders", "payments", "users"]
