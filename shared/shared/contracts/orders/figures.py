"""Figures about a shopper's and a shop's orders."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.permissions import Permission
from shared.requests import Request


@dataclass(frozen=True, kw_only=True)
class OrderCounts:
    """What a shopper has open.

    `to_pay` counts checkouts, `to_ship` confirmed orders that are not shipped, `to_receive` shipped and delivered
    orders whose receipt is not confirmed, `refunds` those that are requested or being paid.
    """

    to_pay: int
    to_ship: int
    to_receive: int
    refunds: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many wait, and since when the oldest of them does; null if none does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class ShopOrderCounts:
    """What waits for the shop: orders to accept and to ship, and refund requests to answer."""

    shop_id: UUID
    to_accept: Waiting
    to_ship: Waiting
    refunds_to_answer: Waiting


@dataclass(frozen=True, kw_only=True)
class GetOrderCounts(Request, answer=OrderCounts, permission=Permission.ORDERS_OWN):
    """Count the caller's open checkouts, orders and refunds."""


@dataclass(frozen=True, kw_only=True)
class GetShopOrderCounts(Request, answer=ShopOrderCounts, permission=Permission.ORDERS_READ, audit=False):
    """Count the orders and refunds of a shop that wait for it, and since when."""

    shop_id: UUID
