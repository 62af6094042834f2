"""Publishes the events of a product."""

from typing import Any

from catalog.products.model.product import Product
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn, Sku
from shared.work import Work


def publish_listing(work: Work, product: Product, *, was_on_shelf: bool) -> None:
    """Publish that a product was listed, changed while listed, or withdrawn. Unlisted ones have no events."""
    if product.on_shelf and was_on_shelf:
        work.publish(ProductChanged(**_identity(product), **_listing(product)))
    elif product.on_shelf:
        work.publish(ProductPublished(**_identity(product), **_listing(product)))
    elif was_on_shelf:
        work.publish(ProductWithdrawn(**_identity(product)))


def _identity(product: Product) -> dict[str, Any]:
    return {"product_id": product.product_id, "shop_id": product.shop_id, "version": product.version}


def _listing(product: Product) -> dict[str, Any]:
    facts = product.facts
    return {"title": facts.title, "category": facts.category, "image": product.image, "skus": _skus(product)}


def _skus(product: Product) -> tuple[Sku, ...]:
    return tuple(
        Sku(sku_id=one.sku_id, code=one.code, options=product.options(one), price=one.price, image=one.image)
        for one in product.live_skus
    )
