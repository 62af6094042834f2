"""Retention rules of catalog's tables."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

from shared import retained
from shared.retention import ARCHIVING, Kept, Purge, Rules

# One statement: a query that sums the journal sees either the entries or the balance they became, never both.
CARRY_FORWARD = """
    WITH old AS ({search}),
    gone AS (
        DELETE FROM stock_journal USING old WHERE stock_journal.position = old.position
        RETURNING sku_id, change, at
    ),
    carried AS (
        INSERT INTO stock_opening (sku_id, on_hand, entries, upto)
        SELECT sku_id, sum(change), count(*), max(at) FROM gone GROUP BY sku_id ORDER BY sku_id
        ON CONFLICT (sku_id) DO UPDATE SET on_hand = stock_opening.on_hand + excluded.on_hand,
            entries = stock_opening.entries + excluded.entries, upto = greatest(stock_opening.upto, excluded.upto)
    )
    SELECT count(*) FROM gone
"""
DELETIONS = (
    text("DELETE FROM reservation WHERE checkout_id = ANY(:ids)"),
    text("DELETE FROM stock_claim WHERE checkout_id = ANY(:ids)"),
)


@dataclass(frozen=True, kw_only=True)
class CarriedForward(Purge):
    """Moves old entries of the stock journal into the opening balance of their SKU."""

    @property
    def statement(self) -> str:
        """Deletes old entries and adds their sums to the opening balances."""
        return CARRY_FORWARD.format(search=self.search)

    def remove(self, connection: Connection, most: int) -> int:
        connection.execute(ARCHIVING)
        return connection.execute(text(self.statement), {"age": self.age, "most": most}).scalar_one()


@dataclass(frozen=True, kw_only=True)
class EndedClaims(Purge):
    """Deletes claims that were never committed, with their reservations."""

    def remove(self, connection: Connection, most: int) -> int:
        found = connection.execute(text(self.search), {"age": self.age, "most": most}).scalars().all()
        for statement in DELETIONS if found else ():
            connection.execute(statement, {"ids": list(found)})
        return len(found)


RULES: Rules = {
    **retained.EVERYWHERE,
    "stock_journal": CarriedForward(
        table="stock_journal",
        key="position",
        since="modified_at",
        keep=timedelta(days=400),
        setting="KEEP_STOCK_JOURNAL_DAYS",
        proven_by=("stock.levels",),
        why="Their sum is carried forward into `stock_opening`, so that on_hand remains the sum of both.",
    ),
    "stock_opening": Kept("at most a row for each SKU"),
    "stock_claim": EndedClaims(
        table="stock_claim",
        key="checkout_id",
        since="modified_at",
        keep=timedelta(days=90),
        setting="KEEP_STOCK_CLAIMS_DAYS",
        which="state IN ('undecided', 'refused', 'released')",
        proven_by=("stock.claims", "stock.reservations", "stock.levels"),
        why="Only those never committed, with their reservations; committed ones are kept with their orders.",
    ),
    "reservation": Kept(
        "deleted with its claim; a committed one limits what may be restocked, as long as the order"
    ),
    "restock": Kept(
        "so that a refund restocks once, however late the command is repeated; 60 bytes for each refund"
    ),
    "product_import": Purge(
        table="product_import",
        since="finished_at",
        keep=timedelta(days=365),
        setting="KEEP_IMPORTS_DAYS",
        why="Waiting and running imports have no end yet and are kept.",
    ),
    "shop": Kept("a row for each shop"),
    "category": Kept("a row for each category that a product was ever in"),
    "category_count": Kept("a row for each category, and some rows for each change until they are summed"),
    "product": Kept("orders and journals refer to products and SKUs permanently"),
    "sku": Kept("as products, up to 250 for each product"),
    "picture": Kept("replaced whenever their product is stored"),
    "stock": Kept("a row for each SKU"),
}
