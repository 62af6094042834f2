"""What orders says of checkouts, orders and their after-sale."""

from shared.contracts.orders.commands import WakeSaga
from shared.contracts.orders.events import (
    AfterSaleClosed,
    AfterSaleOpened,
    AfterSaleOutcome,
    OrderAccepted,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderDelivered,
    OrderPlaced,
    OrderShipped,
)
from shared.contracts.orders.lines import LineState, OrderAmounts

__all__ = [
    "AfterSaleClosed",
    "AfterSaleOpened",
    "AfterSaleOutcome",
    "LineState",
    "OrderAccepted",
    "OrderAmounts",
    "OrderCancelled",
    "OrderCompleted",
    "OrderConfirmed",
    "OrderDelivered",
    "OrderPlaced",
    "OrderShipped",
    "WakeSaga",
]
