"""Reads a product for its shop."""

from catalog.access import require_own_shop
from catalog.products import views
from catalog.products.model.product import ProductNotFound
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import GetShopProduct


def get_shop_product(work: Work, caller: Caller, requested: GetShopProduct) -> answers.ShopProduct:
    """A product as its shop sees it. Raises ProductNotFound, Forbidden."""
    product = work.products.get(requested.product_id)
    require_own_shop(caller, product.shop_id if product else None, ProductNotFound())
    assert product is not None
    return views.shop_product(product, work.stock.levels(sku.sku_id for sku in product.skus))
