"""The interface of products for other modules of catalog."""

from catalog.products.model import categories, pictures, search
from catalog.products.model.product import (
    Product,
    ProductNotFound,
    ProductUnlisted,
    Sku,
    comparison_key,
    options_text,
)
from catalog.products.model.sheets import (
    LONGEST_DESCRIPTION,
    MOST_PICTURES,
    MOST_PRICE,
    MOST_SKUS,
    Facts,
    Picture,
    Sheet,
    Variant,
)
from catalog.products.model.shelf import Shelf
from catalog.products.store.shops import may_sell
from catalog.products.tables import product, shop, sku
from catalog.products.use_cases.descriptions import clean as clean_description
from catalog.products.use_cases.publishing import publish_listing
from catalog.products.use_cases.sheets import currency
from catalog.products.views import product_facts, sku_facts

__all__ = [
    "LONGEST_DESCRIPTION",
    "MOST_PICTURES",
    "MOST_PRICE",
    "MOST_SKUS",
    "Facts",
    "Picture",
    "Product",
    "ProductNotFound",
    "ProductUnlisted",
    "Sheet",
    "Shelf",
    "Sku",
    "Variant",
    "categories",
    "clean_description",
    "comparison_key",
    "currency",
    "may_sell",
    "options_text",
    "pictures",
    "product",
    "product_facts",
    "publish_listing",
    "search",
    "shop",
    "sku",
    "sku_facts",
]
