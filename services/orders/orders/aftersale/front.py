"""What other modules of orders may use."""

from orders.aftersale.use_cases.cancellations import cancel_confirmed

__all__ = ["cancel_confirmed"]
