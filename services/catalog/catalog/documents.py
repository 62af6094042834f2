"""What products look like in JSON. The public document is made by one function, from what it is given."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from catalog.domain.product import Product, Sku, options_text
from catalog.domain.stock import Level
from catalog.repository.shops import Shop
from shared.money import Money

Document = dict[str, Any]
Levels = Mapping[UUID, Level]


def product_document(product: Product, shop: Shop, levels: Levels) -> Document:
    """A product as everybody sees it."""
    return {
        **_facts(product),
        "shop": {"shop_id": str(shop.shop_id), "slug": shop.slug, "name": shop.name},
        "skus": [{**_sku(product, sku), "available": levels[sku.sku_id].available} for sku in product.live_skus],
    }


def merchant_document(product: Product, levels: Levels) -> Document:
    """A product as its shop sees it: also what is not shown, and the stock behind `available`."""
    return {
        **_facts(product),
        "handle": product.handle,
        "shelf": product.shelf,
        "skus": [
            {**_sku(product, sku), "discontinued": sku.discontinued, **level(levels[sku.sku_id])}
            for sku in product.skus
        ],
    }


def card(row: Mapping[str, Any]) -> Document:
    """A product in a list."""
    return {
        "product_id": str(row["product_id"]),
        "shop_id": str(row["shop_id"]),
        "title": row["title"],
        "category": row["category"],
        "image": row["image"],
        "price_from": money(Money(row["price_from"], row["currency"])),
    }


def sku_card(row: Mapping[str, Any]) -> Document:
    """A SKU in a cart."""
    return {
        **{name: str(row[name]) for name in ("sku_id", "product_id", "shop_id")},
        **{name: row[name] for name in ("title", "image", "available", "on_shelf")},
        "shop": row["shop"] or "",
        "options": options_text(row["option_names"], row["option_values"]),
        "price": money(Money(row["price"], row["currency"])),
    }


def merchant_card(row: Mapping[str, Any]) -> Document:
    """A product in its shop's list."""
    stamp = {"shelf": row["shelf"], "version": row["version"], "updated_at": row["updated_at"].isoformat()}
    return {**card(row), **stamp}


def level(of: Level) -> Document:
    """How much there is, how much of it is set aside, how much can be bought."""
    return {"on_hand": of.on_hand, "reserved": of.reserved, "available": of.available}


def entry(row: Mapping[str, Any]) -> Document:
    """A line of a SKU's journal."""
    return {
        "kind": row["kind"],
        "change": row["change"],
        "reason": row["reason"],
        "source_id": str(row["source_id"]) if row["source_id"] else None,
        "at": row["at"].isoformat(),
    }


def import_document(record: Mapping[str, Any]) -> Document:
    """An import, with its report once it is done, or with its problem if it failed."""
    return {
        "import_id": str(record["import_id"]),
        "shop_id": str(record["shop_id"]),
        "filename": record["filename"],
        "state": record["state"],
        "started_at": record["started_at"].isoformat(),
        "finished_at": record["finished_at"].isoformat() if record["finished_at"] else None,
        "report": record["report"],
        "problem": record["problem"],
    }


def money(amount: Money) -> Document:
    return {"amount": amount.amount, "currency": amount.currency}


def _facts(product: Product) -> Document:
    facts = product.facts
    return {
        "product_id": str(product.product_id),
        "shop_id": str(product.shop_id),
        "version": product.version,
        "title": facts.title,
        "description": facts.description,
        "brand": facts.brand,
        "type": facts.kind,
        "category": facts.category,
        "tags": list(facts.tags),
        "option_names": list(facts.option_names),
        "pictures": [{"src": one.src, "alt": one.alt, "state": one.state} for one in facts.pictures],
        "price_from": money(Money(product.price_from, product.currency)),
    }


def _sku(product: Product, sku: Sku) -> Document:
    return {
        "sku_id": str(sku.sku_id),
        "code": sku.code,
        "options": product.options(sku),
        "option_values": list(sku.option_values),
        "price": money(sku.price),
        "image": sku.image,
    }
