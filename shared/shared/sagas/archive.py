"""Archives sagas that ended long ago: counts them by day, name and status, then deletes them."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection, text

from shared import retained
from shared.retention import ARCHIVING, Kept, Purge, Rules

SUMMARISE = text("""
    INSERT INTO saga_summary (day, name, status, sagas, transitions)
    SELECT CAST(modified_at AT TIME ZONE 'UTC' AS date), name, status, count(*), sum(moves)
    FROM saga CROSS JOIN LATERAL (
        SELECT count(*) AS moves FROM saga_transition AS entry WHERE entry.saga_id = saga.saga_id
    ) AS counted
    WHERE saga_id = ANY(:ids) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (day, name, status) DO UPDATE SET
        sagas = saga_summary.sagas + excluded.sagas,
        transitions = saga_summary.transitions + excluded.transitions
""")
DELETE = (
    text("DELETE FROM saga_transition WHERE saga_id = ANY(:ids)"),
    text("DELETE FROM saga WHERE saga_id = ANY(:ids)"),
)


@dataclass(frozen=True, kw_only=True)
class EndedSagas(Purge):
    """Removes ended sagas with their transitions, once the auditor has verified their outcome."""

    def remove(self, connection: Connection, most: int) -> int:
        found = connection.execute(text(self.search), {"age": self.age, "most": most}).scalars().all()
        if found:
            connection.execute(ARCHIVING)
            for statement in (SUMMARISE, *DELETE):
                connection.execute(statement, {"ids": list(found)})
        return len(found)


NOT_AWAITED = "NOT EXISTS (SELECT FROM saga WHERE saga.awaiting = outbox.message_id)"
AWAITED = "So are commands whose answer a saga awaits, for their deadlines."
# The audit checks that cover what a saga of orders leaves behind: checkouts, orders and refunds.
OF_ORDERS = ("stock.claims", "stock.sold", "money.payments", "order.sums", "coupons.checkouts")


def rules(*, which: str = "true", proven_by: tuple[str, ...] = OF_ORDERS) -> Rules:
    """Retention of the saga tables: only ended sagas that match `which` and pass these checks are removed.

    The row of a command is kept for as long as a saga awaits the answer: its deadline is counted from `sent_at`.
    """
    return {
        "outbox": replace(retained.OUTBOX, which=NOT_AWAITED, why=f"{retained.OUTBOX.why} {AWAITED}"),
        "saga": EndedSagas(
            table="saga",
            key="saga_id",
            since="modified_at",
            keep=timedelta(days=90),
            setting="KEEP_SAGAS_DAYS",
            which=f"status IN ('done', 'undone') AND {which}",
            proven_by=proven_by,
            most=100,
            why="Only ended sagas, counted in `saga_summary`; all others are kept.",
        ),
        "saga_transition": Kept("about twenty rows per saga, deleted with it"),
        "saga_lock": Kept("locks of running sagas, released when they end"),
        "saga_summary": Kept("one row per day, saga and status: a few thousand a year"),
    }
