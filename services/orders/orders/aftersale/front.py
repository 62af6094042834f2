"""The public interface of this module for the other modules of orders."""

from orders.aftersale.use_cases.cancellations import cancel_confirmed

__all__ = ["cancel_confirmed"]
