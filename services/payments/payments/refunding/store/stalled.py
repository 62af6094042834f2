"""Stalled refunds, for operators and metrics."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from payments.refunding.model.refunds import Refund, StallReason
from payments.refunding.store.refunds import refund_of
from payments.refunding.tables import refunds

WHY = """
    CASE WHEN h.about IS NOT NULL THEN 'to_be_confirmed'
        WHEN a.result = 'differs_from_ours' THEN 'differs_from_ours'
        WHEN a.state = 'abnormal' THEN 'abnormal' WHEN a.result = 'not_supported' THEN 'not_supported'
        WHEN a.position > 3 THEN 'closed_repeatedly'
        WHEN a.stalled_since <= :stalled THEN 'refused' WHEN r.requested_at <= :slow THEN 'slow' END
"""
STALLED = """
    SELECT r.*, {why} AS why FROM refunds AS r
    CROSS JOIN LATERAL (SELECT * FROM refund_attempts AS each WHERE each.refund_id = r.refund_id
        ORDER BY position DESC LIMIT 1) AS a
    LEFT JOIN manual_settlements AS h ON h.about = r.refund_id AND h.confirmed_at IS NULL
    WHERE r.state IN ('requested', 'processing') AND {why} IS NOT NULL
"""
COUNTED = "SELECT why, count(*) AS many FROM ({}) AS stalled GROUP BY why"
PAGE = text(STALLED.format(why=WHY) + " AND r.refund_id > :after ORDER BY r.refund_id LIMIT :limit")
COUNTS = text(COUNTED.format(STALLED.format(why=WHY)))
FIRST = UUID(int=0)


class StalledRefunds:
    """Refunds that are abnormal, refused for hours, closed repeatedly, slow, or wait for a second operator."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, *, stalled: datetime, slow: datetime, after: UUID | None, limit: int
    ) -> Sequence[tuple[Refund, StallReason]]:
        """The oldest first, each with its reason: stalled since `stalled`, requested before `slow`, or another."""
        terms = {"stalled": stalled, "slow": slow, "after": after or FIRST, "limit": limit}
        rows = self._connection.execute(PAGE, terms).mappings()
        return [(refund_of({c.name: row[c.name] for c in refunds.c}), StallReason(row["why"])) for row in rows]

    def counts(self, *, stalled: datetime, slow: datetime) -> dict[StallReason, int]:
        """The number of stalled refunds by reason."""
        rows = self._connection.execute(COUNTS, {"stalled": stalled, "slow": slow})
        return {StallReason(row.why): row.many for row in rows}
