"""The messages of orders about checkouts, orders and after-sale cases."""

from shared.contracts.orders.commands import EraseBuyer, WakeSaga
from shared.contracts.orders.events import (
    AfterSaleClosed,
    AfterSaleOpened,
    AfterSaleOutcome,
    BuyerErased,
    ErasureRefusal,
    ErasureRefused,
    OpenMatter,
    OpenMatterKind,
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
    "BuyerErased",
    "EraseBuyer",
    "ErasureRefusal",
    "ErasureRefused",
    "LineState",
    "OpenMatter",
    "OpenMatterKind",
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
