"""Counts and sums over checkouts, orders and refunds, each read from an index."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from orders.figures.model import Days, Sold
from orders.fulfilment.front import SKEW
from shared.ids import first_since
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

SOLD = """
    WITH sold AS (
        SELECT order_id, total, (placed_at AT TIME ZONE %(zone)s)::date AS day FROM orders
        WHERE shop_id = %(shop)s AND order_id >= %(first)s AND order_id < %(behind)s
            AND placed_at >= %(start)s AND placed_at < %(end)s AND state <> 'placed'
            AND (state <> 'cancelled' OR EXISTS (
                SELECT FROM order_step WHERE order_id = orders.order_id AND state = 'confirmed')))
    SELECT day, count(*), sum(units)::bigint, sum(total)::bigint, 0::bigint FROM sold
    CROSS JOIN LATERAL (SELECT sum(quantity) AS units FROM order_line WHERE order_id = sold.order_id) AS lines
    GROUP BY day
    UNION ALL
    SELECT (decided_at AT TIME ZONE %(zone)s)::date, 0, 0, 0, sum(amount)::bigint FROM refund
    WHERE shop_id = %(shop)s AND decided_at >= %(start)s AND decided_at < %(end)s
        AND state IN ('running', 'refunded') GROUP BY 1"""


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

    def sold(self, shop_id: UUID, days: Days) -> dict[date, Sold]:
        """What a shop sold on these days, and what it refunded; days with neither are left out."""
        within = {"start": days.start, "end": days.end, "zone": days.zone.key}
        ids = {"first": first_since(days.start - SKEW), "behind": first_since(days.end + SKEW)}
        found: dict[date, Sold] = {}
        for day, *sums in fetch(self.connection, SOLD, {"shop": shop_id, **within, **ids}):
            found[day] = found.get(day, Sold()) + Sold(*sums)
        return found
