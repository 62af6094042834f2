"""Views of products."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from catalog.products.model.product import Product, Sku
from catalog.stock.front import Level, entry_facts, level_facts
from shared.contracts.catalog import views
from shared.money import Money

Levels = Mapping[UUID, Level]


def shop_product(shown: Product, levels: Levels) -> views.ShopProduct:
    """A product as its shop sees it, in any state, with stock on hand and reserved."""
    return views.ShopProduct(
        **product_facts(shown),
        handle=shown.handle,
        shelf=views.Shelf(shown.shelf),
        skus=tuple(_shop_sku(shown, each, levels[each.sku_id]) for each in shown.skus),
    )


def stock_entries(of: Product, entries: Iterable[Mapping[str, Any]]) -> tuple[views.ProductStockEntry, ...]:
    """Entries of the journal of a product's SKUs."""
    skus = {each.sku_id: each for each in of.skus}
    return tuple(_stock_entry(of, skus[row["sku_id"]], row) for row in entries)


def product_facts(shown: Product) -> dict[str, Any]:
    """The fields that all views of a product share."""
    facts = shown.facts
    return {
        "product_id": shown.product_id,
        "shop_id": shown.shop_id,
        "version": shown.version,
        "title": facts.title,
        "description": facts.description,
        "brand": facts.brand,
        "type": facts.kind,
        "category": facts.category,
        "tags": facts.tags,
        "option_names": facts.option_names,
        "pictures": tuple(
            views.Picture(src=each.src, alt=each.alt, state=views.PictureState(each.state))
            for each in facts.pictures
        ),
        "price_from": Money(shown.price_from, shown.currency),
    }


def sku_facts(of: Product, shown: Sku) -> dict[str, Any]:
    """The fields that all views of a SKU share."""
    return {
        "sku_id": shown.sku_id,
        "code": shown.code,
        "options": of.options(shown),
        "option_values": shown.option_values,
        "price": shown.price,
        "image": shown.image,
    }


def _stock_entry(of: Product, sku: Sku, row: Mapping[str, Any]) -> views.ProductStockEntry:
    return views.ProductStockEntry(**entry_facts(row), sku_id=sku.sku_id, code=sku.code, options=of.options(sku))


def _shop_sku(of: Product, shown: Sku, level: Level) -> views.ShopSku:
    facts = {**sku_facts(of, shown), **level_facts(level)}
    return views.ShopSku(**facts, discontinued=shown.discontinued)
