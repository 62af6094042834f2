"""The category tree that everybody sees: only what has products on the shelf.

A trigger appends a row for each category that a product comes into or leaves; rows of a path are added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

AT_ONCE = 1000
PAGE = sa.text("""
SELECT path, sum(products) AS products FROM category_count WHERE path > :after
GROUP BY path HAVING sum(products) > 0 ORDER BY path LIMIT :most
""")
ALONE = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended('category_count', 0))")
ADD_UP = sa.text("""
WITH news AS (SELECT position, path FROM category_count WHERE NOT added_up ORDER BY position LIMIT :most),
old AS (
    DELETE FROM category_count WHERE path IN (SELECT path FROM news)
        AND (added_up OR position IN (SELECT position FROM news))
    RETURNING path, products
),
sums AS (
    INSERT INTO category_count (path, products, added_up)
    SELECT path, sum(products), true FROM old GROUP BY path HAVING sum(products) <> 0
)
SELECT count(*) FROM news
""")


@dataclass(frozen=True)
class Categories:
    """Reads the tree, and keeps it small."""

    connection: sa.Connection

    def page(self, after: str, limit: int) -> Sequence[tuple[str, int]]:
        """Paths behind `after`, parents before children, each with the products in it and below it."""
        rows = self.connection.execute(PAGE, {"after": after, "most": limit})
        return [(row.path, row.products) for row in rows]

    def add_up(self) -> bool:
        """Make one row of some paths' rows; False when there is none to do, or another process is at it."""
        if not self.connection.execute(ALONE).scalar_one():
            return False
        return bool(self.connection.execute(ADD_UP, {"most": AT_ONCE}).scalar_one() == AT_ONCE)
