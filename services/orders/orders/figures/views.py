"""Figures as contract views."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from orders.figures.model import Sold
from shared import settings
from shared.contracts.orders.figures import DayOfSales, Sales, ShopOrderCounts, ShopSales, Waiting
from shared.money import Money


def waiting(shop_id: UUID, found: Mapping[str, tuple[int, datetime | None]]) -> ShopOrderCounts:
    """What waits for a shop, by kind."""
    counts = {name: Waiting(count=count, since=since) for name, (count, since) in found.items()}
    return ShopOrderCounts(shop_id=shop_id, **counts)


def sales(shop_id: UUID, zone: str, by_day: Mapping[date, Sold]) -> ShopSales:
    """The sales of a shop by day, with their sum."""
    return ShopSales(
        shop_id=shop_id,
        zone=zone,
        days=tuple(DayOfSales(day=day, **_amounts(sold)) for day, sold in by_day.items()),
        total=Sales(**_amounts(sum(by_day.values(), Sold()))),
    )


def _amounts(of: Sold) -> dict[str, Any]:
    currency = settings.text("CURRENCY", "CNY")
    gross, refunded = Money(of.gross, currency), Money(of.refunded, currency)
    return {"orders": of.orders, "units": of.units, "gross": gross, "refunded": refunded, "net": gross - refunded}
