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
    OrderLine,
    OrderPlaced,
    OrderShipped,
)

__all__ = [
    "AfterSaleClosed",
    "AfterSaleOpened",
    "AfterSaleOutcome",
    "OrderAccepted",
    "OrderCancelled",
    "OrderCompleted",
    "OrderConfirmed",
    "OrderDelivered",
    "OrderLine",
    "OrderPlaced",
    "OrderShipped",
    "WakeSaga",
]
