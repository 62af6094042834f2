"""Sagas that ended long ago: counted by day, name and end, then deleted with their transitions."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

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
    """Removes ended sagas, each with its transitions, once the auditor has proven what they came to."""

    def remove(self, connection: Connection, most: int) -> int:
        found = connection.execute(text(self.search), {"age": self.age, "most": most}).scalars().all()
        if found:
            connection.execute(ARCHIVING)
            for statement in (SUMMARISE, *DELETE):
                connection.execute(statement, {"ids": list(found)})
        return len(found)


# A saga of orders tells what became of a checkout, an order or a refund.
OF_ORDERS = ("stock.claims", "stock.sold", "money.payments", "order.sums", "coupons.checkouts")


def rules(*, which: str = "true", proven_by: tuple[str, ...] = OF_ORDERS) -> Rules:
    """The tables of the sagas. Only ended ones go, for which `which` holds and that these checks have proven."""
    return {
        "saga": EndedSagas(
            table="saga",
            key="saga_id",
            since="modified_at",
            keep=timedelta(days=90),
            setting="KEEP_SAGAS_DAYS",
            which=f"status IN ('done', 'undone') AND {which}",
            proven_by=proven_by,
            most=100,
            why="Ended ones, counted in `saga_summary`; all others stay.",
        ),
        "saga_transition": Kept("some twenty rows for each saga; they go with it"),
        "saga_lock": Kept("what running sagas hold; released at their end"),
        "saga_summary": Kept("a row for each day, saga and end: some thousand a year"),
    }
