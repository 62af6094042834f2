"""What waits for a shop."""

from uuid import UUID

from orders.work import Work
from shared.contracts.orders.figures import ShopOrderCounts, Waiting


def waiting_for(work: Work, shop_id: UUID) -> ShopOrderCounts:
    """The orders and refunds that wait for the shop, each with the age of the oldest."""
    found = work.figures.waiting_for(shop_id)
    counts = {name: Waiting(count=count, since=since) for name, (count, since) in found.items()}
    return ShopOrderCounts(shop_id=shop_id, **counts)
