"""The copy of catalog's prices, stored by sets of products: one change of catalog may send thousands of events."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, text

from marketing.pricing.model.state import Price
from marketing.pricing.tables import prices, products
from shared import message_encoding
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn, Sku
from shared.money import Money
from shared.round_trips import later

CatalogEvent = ProductPublished | ProductChanged | ProductWithdrawn
# Sorted, so that all transactions lock in the same order. The statements after it see what was stored by the
# transactions that it waited for.
STORE_NEWER = text("""
    INSERT INTO products AS stored (product_id, shop_id, version, on_shelf, title, category, image)
    SELECT product_id, shop_id, version, on_shelf, title, category, image
    FROM json_to_recordset(CAST(:rows AS json)) AS row (
        product_id uuid, shop_id uuid, version bigint, on_shelf boolean, title text, category text, image text)
    ORDER BY product_id
    ON CONFLICT (product_id) DO UPDATE SET
        shop_id = excluded.shop_id, version = excluded.version, on_shelf = excluded.on_shelf,
        title = excluded.title, category = excluded.category, image = excluded.image
    WHERE stored.version < excluded.version
    RETURNING CAST(product_id AS text)
""")
REMOVE_OTHERS = text("""
    DELETE FROM prices USING unnest(CAST(:products AS uuid[])) AS stored (product_id)
    WHERE prices.product_id = stored.product_id
      AND NOT EXISTS (SELECT FROM unnest(CAST(:skus AS uuid[])) AS kept (sku_id) WHERE kept.sku_id = prices.sku_id)
""")
# Most changes of a product leave its prices as they are: those are not written.
STORE_SKUS = text("""
    INSERT INTO prices AS stored (sku_id, product_id, options, image, amount, currency)
    SELECT row.* FROM json_to_recordset(CAST(:rows AS json)) AS row (
        sku_id uuid, product_id uuid, options text, image text, amount bigint, currency text)
    WHERE NOT EXISTS (
        SELECT FROM prices AS same
        WHERE same.sku_id = row.sku_id AND same.product_id = row.product_id
          AND (same.options, same.image, same.amount, same.currency)
              IS NOT DISTINCT FROM (row.options, row.image, row.amount, row.currency))
    ON CONFLICT (sku_id) DO UPDATE SET
        product_id = excluded.product_id, options = excluded.options, image = excluded.image,
        amount = excluded.amount, currency = excluded.currency
""")


class Prices:
    """The listed SKUs and their prices. Events older than the stored version are ignored."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._known: dict[UUID, Price | None] = {}  # read in advance

    def read_in_advance(self, sku_ids: Collection[UUID], currency: str) -> None:
        """Read at once the prices of the SKUs of several quotes, for `of`."""
        self._known = dict.fromkeys(sku_ids) | self.of(sku_ids, currency)

    def store(self, events: Collection[CatalogEvent]) -> None:
        """Store the state of products, one event of each, unless a newer version is stored.

        The row of a withdrawn product is kept, so that older events cannot restore it.
        """
        by_id = {str(event.product_id): event for event in events}
        states = message_encoding.text([_product(product_id, event) for product_id, event in by_id.items()])
        stored = set(self.connection.execute(STORE_NEWER, {"rows": states}).scalars())
        newer = {product_id: event for product_id, event in by_id.items() if product_id in stored}
        skus = [_sku(product_id, sku) for product_id, event in newer.items() for sku in _skus(event)]
        if stored:
            kept = _array(sku["sku_id"] for sku in skus)
            later(self.connection, REMOVE_OTHERS, {"products": _array(stored), "skus": kept})
        if skus:
            later(self.connection, STORE_SKUS, {"rows": message_encoding.text(skus)})

    def of(self, sku_ids: Collection[UUID], currency: str) -> dict[UUID, Price]:
        """The prices in `currency` of those SKUs that are for sale."""
        if self._known.keys() >= set(sku_ids):
            return {sku_id: price for sku_id in sku_ids if (price := self._known[sku_id])}
        of_product = products.c["shop_id", "title", "category"]
        found = self.connection.execute(
            select(prices, *of_product, products.c.image.label("product_image"))
            .join(products, products.c.product_id == prices.c.product_id)
            .where(prices.c.sku_id.in_(sku_ids), prices.c.currency == currency, products.c.on_shelf)
        )
        return {row.sku_id: _price(row) for row in found}


def _product(product_id: str, event: CatalogEvent) -> dict[str, Any]:
    known = {"product_id": product_id, "shop_id": str(event.shop_id), "version": event.version}
    if isinstance(event, ProductWithdrawn):
        return {**known, "on_shelf": False, "title": "", "category": None, "image": None}
    return {**known, "on_shelf": True, "title": event.title, "category": event.category, "image": event.image}


def _skus(event: CatalogEvent) -> tuple[Sku, ...]:
    return () if isinstance(event, ProductWithdrawn) else event.skus


def _sku(product_id: str, sku: Sku) -> dict[str, Any]:
    return {
        "sku_id": str(sku.sku_id),
        "product_id": product_id,
        "options": sku.options,
        "image": sku.image,
        "amount": sku.price.amount,
        "currency": sku.price.currency,
    }


def _array(ids: Iterable[str]) -> str:
    """PostgreSQL's text of an array: quicker to parse than one constant for each element."""
    return f"{{{','.join(ids)}}}"


def _price(row: Row[Any]) -> Price:
    return Price(
        sku_id=row.sku_id,
        product_id=row.product_id,
        shop_id=row.shop_id,
        title=row.title,
        options=row.options,
        image=row.image or row.product_image,
        amount=Money(row.amount, row.currency),
        category=row.category,
    )
