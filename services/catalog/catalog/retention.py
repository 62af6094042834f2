"""What keeps the tables of catalog bounded."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, text

from shared import retained
from shared.retention import ARCHIVING, Kept, Purge, Rules

# One statement: whoever sums a journal sees the entries, or the balance that they became, and never both.
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
LET_GO = (
    text("DELETE FROM reservation WHERE checkout_id = ANY(:ids)"),
    text("DELETE FROM stock_claim WHERE checkout_id = ANY(:ids)"),
)


@dataclass(frozen=True, kw_only=True)
class CarriedForward(Purge):
    """Old entries of the stock journal become part of their SKU's opening balance."""

    @property
    def statement(self) -> str:
        """Deletes entries and adds them up."""
        return CARRY_FORWARD.format(search=self.search)

    def remove(self, connection: Connection, most: int) -> int:
        connection.execute(ARCHIVING)
        return connection.execute(text(self.statement), {"age": self.age, "most": most}).scalar_one()


@dataclass(frozen=True, kw_only=True)
class EndedClaims(Purge):
    """Claims that came to nothing go with their reservations."""

    def remove(self, connection: Connection, most: int) -> int:
        found = connection.execute(text(self.search), {"age": self.age, "most": most}).scalars().all()
        for statement in LET_GO if found else ():
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
        why="Their sum is carried forward into `stock_opening`, so that on_hand stays the sum of both.",
    ),
    "stock_opening": Kept("a row for each SKU at most"),
    "stock_claim": EndedClaims(
        table="stock_claim",
        key="checkout_id",
        since="modified_at",
        keep=timedelta(days=90),
        setting="KEEP_STOCK_CLAIMS_DAYS",
        which="state IN ('undecided', 'refused', 'released')",
        proven_by=("stock.claims", "stock.reservations", "stock.levels"),
        why="Those that came to nothing, with their reservations; those of sold goods stay with their orders.",
    ),
    "reservation": Kept(
        "goes with its claim; of sold goods it says what may still come back, as long as the order is"
    ),
    "restock": Kept(
        "so that goods of a refund come back once, whenever it is asked again; 60 bytes for each refund"
    ),
    "product_import": Purge(
        table="product_import",
        since="finished_at",
        keep=timedelta(days=365),
        setting="KEEP_IMPORTS_DAYS",
        why="One that waits or runs has no end yet, and stays.",
    ),
    "shop": Kept("a row for each shop"),
    "category": Kept("a row for each category that a product was ever put in"),
    "category_count": Kept("a row for each category, and some for each change until they are added up"),
    "product": Kept("orders and journals name products and SKUs for ever; a merchant has as many as he makes"),
    "sku": Kept("as products, up to 250 for each"),
    "picture": Kept("replaced with their product's"),
    "stock": Kept("a row for each SKU"),
}
