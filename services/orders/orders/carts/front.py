"""The public interface of this module for the other modules of orders."""

from orders.carts.use_cases import put_back, take

__all__ = ["put_back", "take"]
