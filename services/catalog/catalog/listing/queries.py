"""Lists of products, and the public view of a product: only listed products are public."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog import cursors
from catalog.access import ShopNotFound
from catalog.listing import store, views
from catalog.listing.store import Sort, Wanted
from catalog.products.front import ProductNotFound, ProductUnlisted, Shelf, categories
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import (
    GetSkus,
    ListCategories,
    ListLowStock,
    ListProducts,
    ListShopProducts,
)
from shared.contracts.pages import Page


def list_products(work: Work, requested: ListProducts) -> Page[answers.ProductCard]:
    """A page of listed products. Raises CursorInvalid, CategoryTooDeep."""
    category = categories.path(requested.category) if requested.category else None
    wanted = Wanted(sold=True, shelf=Shelf.ON_SHELF, shop_id=requested.shop_id, category=category, q=requested.q)
    cards, following = _cards(work, wanted, Sort(requested.sort), requested)
    return Page(items=tuple(map(views.product_card, cards)), next=following)


def get_product(work: Work, product_id: UUID) -> answers.Product:
    """A listed product. Raises ProductUnlisted if its shop has withdrawn it, ProductNotFound for any other."""
    product = public_product(work, product_id)
    if product is None:
        stored = work.products.get(product_id)
        raise ProductUnlisted if stored and stored.shelf is Shelf.OFF_SHELF else ProductNotFound
    return product


def public_product(work: Work, product_id: UUID) -> answers.Product | None:
    """The public view of a product; None unless it is listed and its shop may sell."""
    product = work.products.get(product_id)
    shop = work.shops.get(product.shop_id) if product and product.on_shelf else None
    if product is None or shop is None or not shop.approved:
        return None
    return views.product(product, shop, work.stock.levels(sku.sku_id for sku in product.live_skus))


def get_sitemap_part(work: Work, after: UUID | None) -> answers.SitemapPart:
    """The products on sale after this one, as many as a part has."""
    return answers.SitemapPart(items=tuple(answers.ListedProduct(**row) for row in work.listings.part(after)))


def get_skus(work: Work, requested: GetSkus) -> answers.SkuCards:
    """Cards of SKUs for a cart, including SKUs that are no longer sold; unknown ones are left out."""
    return answers.SkuCards(items=tuple(map(views.sku_card, work.listings.skus(requested.sku_ids))))


def list_categories(work: Work, requested: ListCategories) -> Page[answers.Category]:
    """A page of the category tree, parents before children. Raises CursorInvalid."""
    (after,) = cursors.read("categories", requested.cursor, cursors.name) or ("",)
    found = work.categories.page(after, requested.limit + 1)
    shown = found[: requested.limit]
    following = cursors.write("categories", [shown[-1][0]]) if found != shown else None
    return Page(items=tuple(views.category(*each) for each in shown), next=following)


def list_shop_products(work: Work, caller: Caller, requested: ListShopProducts) -> Page[answers.ShopProductCard]:
    """A page of a shop's own products, newest first. Raises Forbidden, ShopNotFound, CursorInvalid."""
    caller.require_shop(requested.shop_id)
    if work.shops.get(requested.shop_id) is None:
        raise ShopNotFound
    wanted = Wanted(
        shelf=Shelf(requested.shelf) if requested.shelf else None, shop_id=requested.shop_id, q=requested.q
    )
    cards, following = _cards(work, wanted, Sort.NEWEST, requested)
    return Page(items=tuple(map(views.shop_product_card, cards)), next=following)


def list_low_stock(work: Work, caller: Caller, requested: ListLowStock) -> Page[answers.LowStock]:
    """A page of a shop's listed SKUs that run low, the fewest units first. Raises Forbidden, CursorInvalid."""
    caller.require_shop(requested.shop_id)
    after = cursors.read("low stock", requested.cursor, cursors.number, cursors.identity)
    rows = work.listings.low(requested.shop_id, requested.at_most, after, requested.limit + 1)
    shown = rows[: requested.limit]
    last = [shown[-1]["available"], shown[-1]["sku_id"]] if len(rows) > requested.limit else None
    following = cursors.write("low stock", last) if last else None
    return Page(items=tuple(map(views.low_stock, shown)), next=following)


def _cards(
    work: Work, wanted: Wanted, sort: Sort, requested: ListProducts | ListShopProducts
) -> tuple[Sequence[Any], str | None]:
    """The rows of a page, and the cursor of the next one."""
    readers = [cursors.identity] if sort is Sort.NEWEST else [cursors.number, cursors.identity]
    after = cursors.read(sort, requested.cursor, *readers)
    rows = work.listings.page(wanted, sort, after, requested.limit + 1)
    shown = rows[: requested.limit]
    more = len(rows) > requested.limit
    return shown, cursors.write(sort, store.key(sort, shown[-1])) if more else None
