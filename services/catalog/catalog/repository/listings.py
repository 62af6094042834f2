"""Pages of products, read straight from indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from catalog.domain import search
from catalog.domain.categories import SEPARATOR
from catalog.domain.shelf import Shelf
from catalog.repository.shops import may_sell
from catalog.tables import product, shop, sku, stock

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


class Sort(StrEnum):
    """The order of a list; the id decides between equals."""

    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which products. `category` is a path with all below it; every word of `q` must be found.

    `sold`: only those of shops that may sell.
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
        """Cards of products after the key `after`, which is what `key` makes of the last card."""
        columns = _keys(sort)
        rows = sa.select(*CARD).where(*_conditions(wanted)).limit(limit)
        if after:
            rows = rows.where(_beyond(sort, columns, after))
        order = [column.asc() if sort is Sort.PRICE_UP else column.desc() for column in columns]
        return list(self.connection.execute(rows.order_by(*order)).mappings())

    def skus(self, sku_ids: Sequence[UUID]) -> list[Any]:
        """What a cart shows of these SKUs; those of drafts are nobody's business."""
        there = sa.and_(
            product.c.shelf == Shelf.ON_SHELF, sa.not_(sku.c.discontinued), may_sell(product.c.shop_id)
        )
        rows = sa.select(
            *sku.c["sku_id", "option_values", "price", "currency"],
            *product.c["product_id", "shop_id", "title", "option_names"],
            sa.func.coalesce(sku.c.image, product.c.image).label("image"),
            shop.c.name.label("shop"),
            there.label("on_shelf"),
            sa.case((there, stock.c.on_hand - stock.c.reserved), else_=0).label("available"),
        )
        rows = rows.join_from(sku, product, sku.c.product_id == product.c.product_id)
        rows = rows.join(shop, shop.c.shop_id == product.c.shop_id).join(stock, stock.c.sku_id == sku.c.sku_id)
        rows = rows.where(sku.c.sku_id.in_(sku_ids), product.c.shelf != Shelf.DRAFT)
        return list(self.connection.execute(rows).mappings())


def key(sort: Sort, card: Any) -> list[Any]:
    """Where a card stands in this order."""
    return [card[column.name] for column in _keys(sort)]


def _keys(sort: Sort) -> list[sa.Column]:
    return [product.c.product_id] if sort is Sort.NEWEST else [product.c.price_from, product.c.product_id]


def _beyond(sort: Sort, columns: list[sa.Column], after: Sequence[Any]) -> sa.ColumnElement[bool]:
    place, key_after = sa.tuple_(*columns), sa.tuple_(*after)
    return place > key_after if sort is Sort.PRICE_UP else place < key_after


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.shelf:
        # a literal, so that the planner sees that the partial indexes fit
        conditions.append(product.c.shelf == sa.literal_column(f"'{Shelf(wanted.shelf)}'"))
    if wanted.sold:
        conditions.append(may_sell(product.c.shop_id))
    if wanted.shop_id:
        conditions.append(product.c.shop_id == wanted.shop_id)
    if wanted.category:
        path = product.c.category
        conditions.append(
            sa.or_(path == wanted.category, path.startswith(f"{wanted.category}{SEPARATOR}", autoescape=True))
        )
    return conditions + _found(wanted.q)


def _found(q: str) -> list[sa.ColumnElement[bool]]:
    if not q.strip():
        return []
    # the index finds all terms, then the text tells whether they make the words
    matches = [sa.func.strpos(product.c.search_text, word) > 0 for word in search.words(q)]
    if terms := sorted(search.terms(q)):
        matches.append(product.c.search_terms.contains(terms))
    return matches or [sa.false()]
