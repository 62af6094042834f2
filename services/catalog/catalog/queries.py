"""What is read of goods. The public reads show only what is on the shelf."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog import cursors, documents, schemas
from catalog.access import ProductUnknown, ShopUnknown, SkuUnknown, own
from catalog.documents import Document
from catalog.domain import categories
from catalog.domain.shelf import Shelf
from catalog.repository import listings
from catalog.repository.listings import Sort, Wanted
from catalog.work import Work
from shared.auth import Caller
from shared.errors import NotFound


class ImportUnknown(NotFound):
    """There is no such import."""

    code = "import_not_found"


def list_products(work: Work, wish: schemas.ListProducts) -> Document:
    """A page of goods on the shelf."""
    category = categories.path(wish.category) if wish.category else None
    wanted = Wanted(sold=True, shelf=Shelf.ON_SHELF, shop_id=wish.shop_id, category=category, q=wish.q)
    cards, following = _page(work, wanted, wish.sort, wish)
    return {"items": [documents.card(row) for row in cards], "next": following}


def get_product(work: Work, wish: schemas.OfProduct) -> Document:
    """A product on the shelf. Raises ProductUnknown for any other."""
    document = public_document(work, wish.product_id)
    if document is None:
        raise ProductUnknown
    return document


def public_document(work: Work, product_id: UUID) -> Document | None:
    """The document that everybody sees, None when there is nothing to see (any more)."""
    product = work.products.get(product_id)
    shop = work.shops.get(product.shop_id) if product and product.on_shelf else None
    if product is None or shop is None or not shop.approved:
        return None
    return documents.product_document(product, shop, work.stock.levels(sku.sku_id for sku in product.live_skus))


def skus(work: Work, wish: schemas.Skus) -> Document:
    """What a cart shows of SKUs, also of those that are not sold any more; unknown ones are left out."""
    return {"items": [documents.sku_card(row) for row in work.listings.skus(wish.sku_ids)]}


def list_categories(work: Work, wish: schemas.ListCategories) -> Document:
    """A page of the category tree, parents before children, with the goods on the shelf in each and below it."""
    (after,) = cursors.read("categories", wish.cursor, cursors.name) or ("",)
    found = work.categories.page(after, wish.limit + 1)
    shown = found[: wish.limit]
    items = [
        {"path": path, "name": categories.name(path), "parent": categories.parent(path), "products": products}
        for path, products in shown
    ]
    return {"items": items, "next": cursors.write("categories", [shown[-1][0]]) if found != shown else None}


def shop_products(work: Work, caller: Caller, wish: schemas.ShopProducts) -> Document:
    """A page of a shop's own goods, newest first."""
    caller.require_shop(wish.shop_id)
    if work.shops.get(wish.shop_id) is None:
        raise ShopUnknown
    wanted = Wanted(shelf=wish.shelf, shop_id=wish.shop_id, q=wish.q)
    cards, following = _page(work, wanted, Sort.NEWEST, wish)
    return {"items": [documents.merchant_card(row) for row in cards], "next": following}


def merchant_product(work: Work, caller: Caller, wish: schemas.OfProduct) -> Document:
    """A product as its shop sees it."""
    product = work.products.get(wish.product_id)
    own(caller, product.shop_id if product else None, ProductUnknown())
    assert product is not None
    return documents.merchant_document(product, work.stock.levels(sku.sku_id for sku in product.skus))


def stock_of(work: Work, caller: Caller, wish: schemas.StockOf) -> Document:
    """A SKU's stock with a page of its journal, newest first."""
    own(caller, work.products.shop_of_sku(wish.sku_id), SkuUnknown())
    (before,) = cursors.read("journal", wish.cursor, cursors.number) or (None,)
    entries = work.stock.journal(wish.sku_id, before=before, limit=wish.limit + 1)
    shown, more = entries[: wish.limit], len(entries) > wish.limit
    return {
        "sku_id": str(wish.sku_id),
        **documents.level(work.stock.levels([wish.sku_id])[wish.sku_id]),
        "items": [documents.entry(row) for row in shown],
        "next": cursors.write("journal", [shown[-1]["position"]]) if more else None,
    }


def get_import(work: Work, caller: Caller, wish: schemas.OfImport) -> Document:
    """How an import went, or that it still waits or runs."""
    record = work.imports.get(wish.import_id)
    own(caller, record["shop_id"] if record else None, ImportUnknown())
    assert record is not None
    return documents.import_document(record)


def _page(work: Work, wanted: Wanted, sort: Sort, page: schemas.Page) -> tuple[Sequence[Any], str | None]:
    readers = [cursors.identity] if sort is Sort.NEWEST else [cursors.number, cursors.identity]
    after = cursors.read(sort, page.cursor, *readers)
    rows = work.listings.page(wanted, sort, after, page.limit + 1)
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return shown, cursors.write(sort, listings.key(sort, shown[-1])) if more else None
