"""Pages of products, read straight from indexes, and the public category tree.

The tree contains only categories with listed products. A trigger appends a row for each category that a product
enters or leaves; the rows of a path are summed later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from catalog.products.front import Shelf, categories, may_sell, product, search, shop, sku
from catalog.stock.front import stock

CARD = product.c[
    "product_id",
    "shop_id",
    "title",
    "category",
    "image",
    "price_from",
    "currency",
    "shelf",
    "version",
    "updated_at",
]
ROWS_PER_TRANSACTION = 1000
PER_PART = 10_000  # products in a part of the sitemap, which may have 50,000
PART_ENDS = sa.text("""
SELECT product_id FROM (
    SELECT product_id, row_number() OVER (ORDER BY product_id) AS place FROM product WHERE shelf = 'on_shelf'
) AS listed WHERE place % :per_part = 0
""")
CATEGORIES = sa.text("""
SELECT path, sum(products) AS products FROM category_count WHERE path > :after
GROUP BY path HAVING sum(products) > 0 ORDER BY path LIMIT :most
""")
ADDING_ALONE = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended('category_count', 0))")
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


class Sort(StrEnum):
    """The sort order of a list; ties are broken by id."""

    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Filters of a list. `category` includes all categories below it; every word of `q` must match.

    `sold`: only products of shops that may sell.
    """

    sold: bool = False
    shelf: Shelf | None = None
    shop_id: UUID | None = None
    category: str | None = None
    q: str = ""


@dataclass(frozen=True)
class Listings:
    """Reads lists of products."""

    connection: sa.Connection

    def page(self, wanted: Wanted, sort: Sort, after: Sequence[Any] | None, limit: int) -> list[Any]:
        """Cards of products after `after`, the `key` of the last card of the previous page."""
        columns = _keys(sort)
        rows = sa.select(*CARD).where(*_conditions(wanted)).limit(limit)
        if after:
            rows = rows.where(_beyond(sort, columns, after))
        order = [column.asc() if sort is Sort.PRICE_UP else column.desc() for column in columns]
        return list(self.connection.execute(rows.order_by(*order)).mappings())

    def part_ends(self) -> tuple[UUID, ...]:
        """The last product of each full part of the sitemap."""
        return tuple(self.connection.execute(PART_ENDS, {"per_part": PER_PART}).scalars())

    def part(self, after: UUID | None) -> list[Any]:
        """The products on sale after this one, in the order of their ids."""
        wanted = Wanted(sold=True, shelf=Shelf.ON_SHELF)
        rows = sa.select(product.c.product_id, product.c.updated_at).where(*_conditions(wanted))
        if after:
            rows = rows.where(product.c.product_id > after)
        return list(self.connection.execute(rows.order_by(product.c.product_id).limit(PER_PART)).mappings())

    def skus(self, sku_ids: Sequence[UUID]) -> list[Any]:
        """Cards of these SKUs for a cart; SKUs of drafts are left out."""
        on_sale = sa.and_(
            product.c.shelf == Shelf.ON_SHELF, sa.not_(sku.c.discontinued), may_sell(product.c.shop_id)
        )
        rows = sa.select(
            *sku.c["sku_id", "option_values", "price", "currency"],
            *product.c["product_id", "shop_id", "title", "option_names"],
            sa.func.coalesce(sku.c.image, product.c.image).label("image"),
            shop.c.name.label("shop"),
            on_sale.label("on_shelf"),
            sa.case((on_sale, stock.c.on_hand - stock.c.reserved), else_=0).label("available"),
        )
        rows = rows.join_from(sku, product, sku.c.product_id == product.c.product_id)
        rows = rows.join(shop, shop.c.shop_id == product.c.shop_id).join(stock, stock.c.sku_id == sku.c.sku_id)
        rows = rows.where(sku.c.sku_id.in_(sku_ids), product.c.shelf != Shelf.DRAFT)
        return list(self.connection.execute(rows).mappings())

    def low(self, shop_id: UUID, at_most: int, after: Sequence[Any] | None, limit: int) -> list[Any]:
        """SKUs on sale with at most so many units, after this number of units and SKU.

        It reads the stock of all SKUs of the shop's listed products: an index on what is available would be
        written by every sale.
        """
        left = stock.c.on_hand - stock.c.reserved
        rows = sa.select(
            *sku.c["sku_id", "code", "option_values"],
            *product.c["product_id", "title", "option_names"],
            sa.func.coalesce(sku.c.image, product.c.image).label("image"),
            *stock.c["on_hand", "reserved"],
            left.label("available"),
        )
        rows = rows.join_from(product, sku, sku.c.product_id == product.c.product_id)
        rows = rows.join(stock, stock.c.sku_id == sku.c.sku_id)
        rows = rows.where(product.c.shop_id == shop_id, product.c.shelf == Shelf.ON_SHELF)
        rows = rows.where(sa.not_(sku.c.discontinued), left <= at_most)
        if after:
            rows = rows.where(sa.tuple_(left, sku.c.sku_id) > sa.tuple_(*after))
        return list(self.connection.execute(rows.order_by(left, sku.c.sku_id).limit(limit)).mappings())


@dataclass(frozen=True)
class Categories:
    """Reads the category tree, and compacts its rows."""

    connection: sa.Connection

    def page(self, after: str, limit: int) -> Sequence[tuple[str, int]]:
        """Paths after `after`, parents before children, each with the number of products in it and below it."""
        rows = self.connection.execute(CATEGORIES, {"after": after, "most": limit})
        return [(row.path, row.products) for row in rows]

    def add_up(self) -> bool:
        """Replace the rows of some paths by their sums; False if none remain or another process does it."""
        if not self.connection.execute(ADDING_ALONE).scalar_one():
            return False
        return bool(
            self.connection.execute(ADD_UP, {"most": ROWS_PER_TRANSACTION}).scalar_one() == ROWS_PER_TRANSACTION
        )


def key(sort: Sort, card: Any) -> list[Any]:
    """The sort key of a card in this order."""
    return [card[column.name] for column in _keys(sort)]


def _keys(sort: Sort) -> list[sa.Column]:
    return [product.c.product_id] if sort is Sort.NEWEST else [product.c.price_from, product.c.product_id]


def _beyond(sort: Sort, columns: list[sa.Column], after: Sequence[Any]) -> sa.ColumnElement[bool]:
    place, key_after = sa.tuple_(*columns), sa.tuple_(*after)
    return place > key_after if sort is Sort.PRICE_UP else place < key_after


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.shelf:
        # a literal, so that the planner can use the partial indexes
        conditions.append(product.c.shelf == sa.literal_column(f"'{Shelf(wanted.shelf)}'"))
    if wanted.sold:
        conditions.append(may_sell(product.c.shop_id))
    if wanted.shop_id:
        conditions.append(product.c.shop_id == wanted.shop_id)
    if wanted.category:
        path = product.c.category
        conditions.append(
            sa.or_(
                path == wanted.category,
                path.startswith(f"{wanted.category}{categories.SEPARATOR}", autoescape=True),
            )
        )
    return conditions + _found(wanted.q)


def _found(q: str) -> list[sa.ColumnElement[bool]]:
    if not q.strip():
        return []
    # the index matches the terms, then strpos checks the whole words
    matches = [sa.func.strpos(product.c.search_text, word) > 0 for word in search.words(q)]
    if terms := sorted(search.terms(q)):
        matches.append(product.c.search_terms.contains(terms))
    return matches or [sa.false()]
