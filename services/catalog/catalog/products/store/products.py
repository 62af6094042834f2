"""Products with their SKUs and pictures, in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catalog.products.model import categories, search
from catalog.products.model.product import Product, Sku
from catalog.products.model.sheets import Facts, Picture
from catalog.products.model.shelf import Shelf
from catalog.products.tables import category, picture, product, sku
from shared.money import Money
from shared.round_trips import later

Rows = dict[UUID, list[Any]]


@dataclass(frozen=True)
class Products:
    """Reads and writes products. Products to be changed are locked first, in the order of their ids."""

    connection: sa.Connection

    def get(self, product_id: UUID) -> Product | None:
        """One product, not locked."""
        return next(iter(self._read(product.c.product_id == product_id, lock=False)), None)

    def lock(self, product_id: UUID) -> Product | None:
        """One product, locked until the transaction ends."""
        return next(iter(self._read(product.c.product_id == product_id, lock=True)), None)

    def lock_handles(self, shop_id: UUID, handles: Iterable[str]) -> dict[str, Product]:
        """The shop's products with these handles, by handle, locked."""
        which = sa.and_(product.c.shop_id == shop_id, product.c.handle.in_(handles))
        return {found.handle: found for found in self._read(which, lock=True)}

    def lock_shelf(self, shop_id: UUID, shelf: Shelf, most: int) -> list[Product]:
        """Up to `most` products of a shop in one shelf state, locked."""
        return self._read(sa.and_(product.c.shop_id == shop_id, product.c.shelf == shelf), lock=True, most=most)

    def shop_of(self, product_id: UUID) -> UUID | None:
        return self.connection.execute(
            sa.select(product.c.shop_id).where(product.c.product_id == product_id)
        ).scalar()

    def shop_of_sku(self, sku_id: UUID) -> UUID | None:
        rows = sa.select(product.c.shop_id).join(sku, sku.c.product_id == product.c.product_id)
        return self.connection.execute(rows.where(sku.c.sku_id == sku_id)).scalar()

    def save(self, products: Sequence[Product], now: datetime) -> None:
        """Store new and changed products with their categories, SKUs and pictures."""
        if not products:
            return
        self._save_categories({p.facts.category for p in products if p.facts.category})
        self._upsert(product, [_product_row(p, now) for p in products])
        self._upsert(sku, [row for p in products for row in _sku_rows(p)])
        self._replace_pictures(products)

    def save_shelves(self, products: Iterable[Product], now: datetime) -> None:
        """Store the shelf states of products that have not changed otherwise."""
        rows = [{"key": p.product_id, "new_shelf": p.shelf, "new_version": p.version, "at": now} for p in products]
        changed = sa.update(product).where(product.c.product_id == sa.bindparam("key"))
        if rows:
            later(
                self.connection,
                changed.values(
                    shelf=sa.bindparam("new_shelf"),
                    version=sa.bindparam("new_version"),
                    updated_at=sa.bindparam("at"),
                ),
                rows,
            )

    def _save_categories(self, paths: Iterable[str]) -> None:
        # sorted: parents before children, and concurrent imports lock them in the same order
        rows = [
            _category_row(path) for path in sorted({above for path in paths for above in categories.lineage(path)})
        ]
        if rows:
            later(self.connection, insert(category).on_conflict_do_nothing(), rows)

    def _upsert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = insert(table)
        changes = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
        keys = list(table.primary_key.columns)
        later(self.connection, statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)

    def _replace_pictures(self, products: Sequence[Product]) -> None:
        later(
            self.connection, sa.delete(picture).where(picture.c.product_id.in_([p.product_id for p in products]))
        )
        rows = [
            {"product_id": p.product_id, "position": at, "src": one.src, "alt": one.alt, "state": one.state}
            for p in products
            for at, one in enumerate(p.facts.pictures, 1)
        ]
        if rows:
            later(self.connection, sa.insert(picture), rows)

    def _read(self, which: sa.ColumnElement[bool], *, lock: bool, most: int | None = None) -> list[Product]:
        rows = sa.select(product).where(which).order_by(product.c.product_id).limit(most)
        found = self.connection.execute(rows.with_for_update() if lock else rows).mappings().all()
        ids = [row["product_id"] for row in found]
        skus, pictures = self._belonging(sku, ids), self._belonging(picture, ids)
        return [_product(row, skus[row["product_id"]], pictures[row["product_id"]]) for row in found]

    def _belonging(self, table: sa.Table, product_ids: Sequence[UUID]) -> Rows:
        found: Rows = defaultdict(list)
        if product_ids:
            rows = sa.select(table).where(table.c.product_id.in_(product_ids))
            for row in self.connection.execute(rows.order_by(table.c.product_id, table.c.position)).mappings():
                found[row["product_id"]].append(row)
        return found


def _product(row: Any, skus: list[Any], pictures: list[Any]) -> Product:
    return Product(
        product_id=row["product_id"],
        shop_id=row["shop_id"],
        handle=row["handle"],
        facts=_facts(row, pictures),
        skus=tuple(_sku(one) for one in skus),
        shelf=Shelf(row["shelf"]),
        listed_as=Shelf(row["listed_as"]) if row["listed_as"] else None,
        version=row["version"],
    )


def _facts(row: Any, pictures: list[Any]) -> Facts:
    return Facts(
        **{name: row[name] for name in ("title", "description", "brand", "kind", "category")},
        tags=tuple(row["tags"]),
        option_names=tuple(row["option_names"]),
        pictures=tuple(Picture(one["src"], one["alt"]) for one in pictures),
    )


def _sku(row: Any) -> Sku:
    return Sku(
        **{name: row[name] for name in ("sku_id", "code", "image", "discontinued")},
        option_values=tuple(row["option_values"]),
        price=Money(row["price"], row["currency"]),
    )


def _product_row(new: Product, now: datetime) -> dict[str, Any]:
    facts = new.facts
    searched = " ".join((facts.title, facts.brand, facts.kind, facts.category or "", *facts.tags))
    return {
        **{
            name: getattr(new, name)
            for name in ("product_id", "shop_id", "handle", "version", "price_from", "image")
        },
        **{name: getattr(facts, name) for name in ("title", "description", "brand", "kind", "category")},
        "tags": list(facts.tags),
        "option_names": list(facts.option_names),
        "shelf": new.shelf,
        "listed_as": new.listed_as,
        "currency": new.currency,
        "search_text": search.normalised(searched),
        "search_terms": sorted(search.terms(searched)),
        "updated_at": now,
    }


def _sku_rows(of: Product) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(one, name) for name in ("sku_id", "code", "image", "discontinued")},
            "product_id": of.product_id,
            "position": position,
            "option_values": list(one.option_values),
            "price": one.price.amount,
            "currency": one.price.currency,
        }
        for position, one in enumerate(of.skus, 1)
    ]


def _category_row(path: str) -> dict[str, str | None]:
    return {"path": path, "name": categories.name(path), "parent": categories.parent(path)}
