"""Figures about a shopper's and a shop's orders."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.money import Money
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import calendar_day, whole


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
class Sales:
    """Orders that were placed and confirmed, with what was paid for them and what was refunded: net is the rest.

    An order counts on the day it was placed, also if it was cancelled after its confirmation; a refund on the day
    it was granted, whenever its order was placed.
    """

    orders: int
    units: int
    gross: Money
    refunded: Money
    net: Money


@dataclass(frozen=True, kw_only=True)
class DayOfSales(Sales):
    """The sales of one day."""

    day: date


@dataclass(frozen=True, kw_only=True)
class ShopSales:
    """The sales of a shop day by day, oldest first, days without sales too, and their sum.

    Days are those of the platform's time zone, an IANA name.
    """

    shop_id: UUID
    zone: str
    days: tuple[DayOfSales, ...]
    total: Sales


@dataclass(frozen=True, kw_only=True)
class GetOrderCounts(Request, answer=OrderCounts, permission=Permission.ORDERS_OWN):
    """Count the caller's open checkouts, orders and refunds."""


@dataclass(frozen=True, kw_only=True)
class GetShopOrderCounts(Request, answer=ShopOrderCounts, permission=Permission.ORDERS_READ, audit=False):
    """Count the orders and refunds of a shop that wait for it, and since when."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class GetShopSales(Request, answer=ShopSales, permission=Permission.ORDERS_READ, audit=False):
    """Show the sales of a shop for up to 92 days, the last of which is today unless another is given."""

    shop_id: UUID
    days: int = whole(1, 92, default=30)
    last_day: date | None = calendar_day(default=None)
