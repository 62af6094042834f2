"""Reads a product, and what happened to its stock, for its shop."""

from uuid import UUID

from catalog import cursors
from catalog.access import require_own_shop
from catalog.products import views
from catalog.products.model.product import Product, ProductNotFound
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import GetShopProduct, ListStockJournal
from shared.contracts.pages import Page


def get_shop_product(work: Work, caller: Caller, requested: GetShopProduct) -> answers.ShopProduct:
    """A product as its shop sees it. Raises ProductNotFound, Forbidden."""
    product = _own_product(work, caller, requested.product_id)
    return views.shop_product(product, work.stock.levels(sku.sku_id for sku in product.skus))


def list_stock_journal(work: Work, caller: Caller, requested: ListStockJournal) -> Page[answers.ProductStockEntry]:
    """The journal of all SKUs of a product, newest first. Raises ProductNotFound, Forbidden, CursorInvalid."""
    product = _own_product(work, caller, requested.product_id)
    (before,) = cursors.read("product journal", requested.cursor, cursors.number) or (None,)
    entries = work.stock.journal_of(product.product_id, before=before, limit=requested.limit + 1)
    shown, more = entries[: requested.limit], len(entries) > requested.limit
    following = cursors.write("product journal", [shown[-1]["position"]]) if more else None
    return Page(items=views.stock_entries(product, shown), next=following)


def _own_product(work: Work, caller: Caller, product_id: UUID) -> Product:
    product = work.products.get(product_id)
    require_own_shop(caller, product.shop_id if product else None, ProductNotFound())
    assert product is not None
    return product
