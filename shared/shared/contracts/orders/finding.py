"""Finding an order by its number or an id, for operators."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.orders.codes import OrderState
from shared.contracts.pages import Page
from shared.money import Money
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier


@dataclass(frozen=True, kw_only=True)
class FoundOrder:
    """An order with what belongs to it, by ids."""

    order_id: UUID
    number: str
    checkout_id: UUID
    payment_id: UUID
    shop_id: UUID
    buyer_id: UUID
    state: OrderState
    total: Money
    placed_at: datetime


@dataclass(frozen=True, kw_only=True)
class FindOrders(Request, answer=Page[FoundOrder], permission=Permission.ORDERS_FIND, audit=False):
    """Find orders by an exact number: the order's, or the id of an order or a checkout."""

    q: str = identifier(64)
