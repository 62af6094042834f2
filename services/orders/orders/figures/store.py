"""Counts and sums over checkouts, orders and refunds, each read from an index."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from shared.reading import fetch

OPEN = """
    SELECT
        (SELECT count(*) FROM checkout WHERE buyer_id = %(buyer)s AND state = 'placed'
            AND method NOT IN ('cash_on_delivery', 'nothing')) AS to_pay,
        count(*) FILTER (WHERE state IN ('confirmed', 'preparing')) AS to_ship,
        count(*) FILTER (WHERE state IN ('shipped', 'delivered')) AS to_receive,
        (SELECT count(*) FROM refund WHERE buyer_id = %(buyer)s AND state IN ('requested', 'running')) AS refunds
    FROM orders WHERE buyer_id = %(buyer)s AND state IN ('confirmed', 'preparing', 'shipped', 'delivered')"""
# The oldest is the one that was placed or requested first, which an index finds without reading the others.
WAITING = """
    SELECT 'to_' || action, count(order_id), (
        SELECT min(at) FROM order_step WHERE state = waits.state AND order_id = (
            SELECT order_id FROM orders WHERE shop_id = %(shop)s AND state = waits.state
            ORDER BY order_id LIMIT 1))
    FROM (VALUES ('accept', 'confirmed'), ('ship', 'preparing')) AS waits (action, state)
    LEFT JOIN orders ON shop_id = %(shop)s AND orders.state = waits.state GROUP BY action, waits.state
    UNION ALL
    SELECT 'refunds_to_answer', count(*), min(requested_at) FROM refund
    WHERE shop_id = %(shop)s AND state = 'requested'"""


@dataclass(frozen=True)
class FiguresStore:
    """Reads figures; it changes nothing."""

    connection: sa.Connection

    def open_of(self, buyer_id: UUID) -> dict[str, int]:
        """What a buyer has to pay, to expect and to receive, and the open refunds."""
        (found,) = fetch(self.connection, OPEN, {"buyer": buyer_id})
        return dict(zip(("to_pay", "to_ship", "to_receive", "refunds"), found, strict=True))

    def waiting_for(self, shop_id: UUID) -> dict[str, tuple[int, datetime | None]]:
        """How many orders and refunds wait for a shop, and since when."""
        found = fetch(self.connection, WAITING, {"shop": shop_id})
        return {name: (count, since) for name, count, since in found}
