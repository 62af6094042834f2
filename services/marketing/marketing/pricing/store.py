"""The copy of catalog's prices."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.postgresql import insert

from marketing.pricing.model.state import Price
from marketing.pricing.tables import prices, products
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn, Sku
from shared.money import Money
from shared.round_trips import later

CatalogEvent = ProductPublished | ProductChanged | ProductWithdrawn


class Prices:
    """The listed SKUs and their prices. Events older than the stored version are ignored."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, product: ProductPublished | ProductChanged) -> None:
        """Store a product and its SKUs, unless a newer version is stored."""
        known = {"title": product.title, "category": product.category, "image": product.image}
        if self._store_newer(product, {"on_shelf": True, **known}):
            self._remove_skus(product.product_id)
            self._store_skus(product)

    def withdraw(self, product: ProductWithdrawn) -> None:
        """Mark a product as not for sale; its row is kept, so that older events cannot restore it."""
        if self._store_newer(product, {"on_shelf": False, "title": "", "category": None, "image": None}):
            self._remove_skus(product.product_id)

    def of(self, sku_ids: Collection[UUID], currency: str) -> dict[UUID, Price]:
        """The prices in `currency` of those SKUs that are for sale."""
        of_product = products.c["shop_id", "title", "category"]
        found = self.connection.execute(
            select(prices, *of_product, products.c.image.label("product_image"))
            .join(products, products.c.product_id == prices.c.product_id)
            .where(prices.c.sku_id.in_(sku_ids), prices.c.currency == currency, products.c.on_shelf)
        )
        return {row.sku_id: _price(row) for row in found}

    def _store_newer(self, product: CatalogEvent, state: dict[str, Any]) -> bool:
        row = {"shop_id": product.shop_id, "version": product.version, **state}
        upsert = insert(products).values(product_id=product.product_id, **row)
        newer = upsert.on_conflict_do_update(
            index_elements=["product_id"],
            set_={name: upsert.excluded[name] for name in row},
            where=products.c.version < upsert.excluded.version,
        )
        return self.connection.execute(newer.returning(products.c.product_id)).first() is not None

    def _remove_skus(self, product_id: UUID) -> None:
        later(self.connection, prices.delete().where(prices.c.product_id == product_id))

    def _store_skus(self, product: ProductPublished | ProductChanged) -> None:
        if product.skus:
            later(self.connection, prices.insert(), [_row(product.product_id, sku) for sku in product.skus])


def _row(product_id: UUID, sku: Sku) -> dict[str, Any]:
    return {
        "sku_id": sku.sku_id,
        "product_id": product_id,
        "options": sku.options,
        "image": sku.image,
        "amount": sku.price.amount,
        "currency": sku.price.currency,
    }


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
