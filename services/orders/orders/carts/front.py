"""What other modules of orders may use."""

from orders.carts.use_cases import bring_back, take

__all__ = ["bring_back", "take"]
