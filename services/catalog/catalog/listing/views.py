"""Views of lists, and the public view of a product."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from catalog.access import Shop
from catalog.products.front import Product, Sku, categories, options_text, product_facts, sku_facts
from catalog.stock.front import Level
from shared.contracts.catalog import views
from shared.money import Money

Row = Mapping[str, Any]


def product(shown: Product, shop: Shop, levels: Mapping[UUID, Level]) -> views.Product:
    """The public view of a product."""
    return views.Product(
        **product_facts(shown),
        shop=views.ProductShop(shop_id=shop.shop_id, slug=shop.slug or "", name=shop.name or ""),
        skus=tuple(_sku(shown, each, levels[each.sku_id]) for each in shown.live_skus),
    )


def product_card(row: Row) -> views.ProductCard:
    """A product in a list."""
    return views.ProductCard(**_card(row))


def shop_product_card(row: Row) -> views.ShopProductCard:
    """A product in its shop's list."""
    return views.ShopProductCard(
        **_card(row), shelf=views.Shelf(row["shelf"]), version=row["version"], updated_at=row["updated_at"]
    )


def sku_card(row: Row) -> views.SkuCard:
    """A SKU in a cart."""
    return views.SkuCard(
        sku_id=row["sku_id"],
        product_id=row["product_id"],
        shop_id=row["shop_id"],
        shop=row["shop"] or "",
        title=row["title"],
        options=options_text(row["option_names"], row["option_values"]),
        image=row["image"],
        price=Money(row["price"], row["currency"]),
        available=row["available"],
        on_shelf=row["on_shelf"],
    )


def low_stock(row: Row) -> views.LowStock:
    """A SKU that runs low."""
    same = ("sku_id", "on_hand", "reserved", "available", "product_id", "code", "title", "image")
    options = options_text(row["option_names"], row["option_values"])
    return views.LowStock(**{name: row[name] for name in same}, options=options)


def category(path: str, products: int) -> views.Category:
    """A category by its path, with the number of products in it and below it."""
    return views.Category(path=path, name=categories.name(path), parent=categories.parent(path), products=products)


def _sku(of: Product, shown: Sku, level: Level) -> views.Sku:
    return views.Sku(**sku_facts(of, shown), available=level.available)


def _card(row: Row) -> dict[str, Any]:
    same = {name: row[name] for name in ("product_id", "shop_id", "title", "category", "image")}
    return {**same, "price_from": Money(row["price_from"], row["currency"])}
