"""What waits for a shop, and what it sold."""

from uuid import UUID

from orders.figures import views
from orders.figures.model import Days
from orders.work import Work
from shared.contracts.orders.figures import GetShopSales, ShopOrderCounts, ShopSales
from shared.local_time import platform_zone


def waiting_for(work: Work, shop_id: UUID) -> ShopOrderCounts:
    """The orders and refunds that wait for the shop, each with the age of the oldest."""
    return views.waiting(shop_id, work.figures.waiting_for(shop_id))


def sales_of(work: Work, requested: GetShopSales) -> ShopSales:
    """The sales of a shop on each of the requested days."""
    zone = platform_zone()
    days = Days(requested.last_day or work.now.astimezone(zone).date(), requested.days, zone)
    return views.sales(requested.shop_id, zone.key, days.filled(work.figures.sold(requested.shop_id, days)))
