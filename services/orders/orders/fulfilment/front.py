"""The public interface of this module for the other modules of orders."""

from orders.fulfilment.access import actor, own_order, shop_order
from orders.fulfilment.model.lines import part as payment_part
from orders.fulfilment.model.lines import payable_lines
from orders.fulfilment.model.numbers import number as order_number
from orders.fulfilment.model.order import Cause, Line, Order, OrderPartlyShipped, StockPieces, part
from orders.fulfilment.model.shipping import ParcelSent, PiecesRefunded, left_to_send
from orders.fulfilment.model.states import (
    SENT,
    Actor,
    CancellationReason,
    OrderState,
    TransitionNotAllowed,
    moves,
)
from orders.fulfilment.model.terms import Allocation, Policy, Terms, Why
from orders.fulfilment.store.wanted import SKEW
from orders.fulfilment.tables import order
from orders.fulfilment.use_cases import publish_cancelled, save_step
from orders.fulfilment.views import amount_reasons, cancellation, facts, refusal
from orders.fulfilment.views import order as order_view

__all__ = [
    "SENT",
    "SKEW",
    "Actor",
    "Allocation",
    "CancellationReason",
    "Cause",
    "Line",
    "Order",
    "OrderPartlyShipped",
    "OrderState",
    "ParcelSent",
    "PiecesRefunded",
    "Policy",
    "StockPieces",
    "Terms",
    "TransitionNotAllowed",
    "Why",
    "actor",
    "amount_reasons",
    "cancellation",
    "facts",
    "left_to_send",
    "moves",
    "order",
    "order_number",
    "order_view",
    "own_order",
    "part",
    "payable_lines",
    "payment_part",
    "publish_cancelled",
    "refusal",
    "save_step",
    "shop_order",
]
