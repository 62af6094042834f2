"""RPC methods of lists, and of a product's public view."""

from catalog.listing import queries, use_cases
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views
from shared.contracts.catalog.requests import (
    GetProduct,
    GetSitemapPart,
    GetSitemapParts,
    GetSkus,
    ListCategories,
    ListLowStock,
    ListProducts,
    ListShopProducts,
)
from shared.contracts.pages import Page
from shared.db import OpenWork
from shared.entrypoints import answers, every


class Listing:
    """Search, categories, cards of products and SKUs, and SKUs that run low."""

    work: OpenWork[Work]

    @answers(ListProducts)
    def list_products(self, work: Work, _caller: Caller, request: ListProducts) -> Page[views.ProductCard]:
        return queries.list_products(work, request)

    @answers(GetProduct)
    def get_product(self, work: Work, _caller: Caller, request: GetProduct) -> views.Product:
        return queries.get_product(work, request.product_id)

    @answers(GetSitemapParts)
    def get_sitemap_parts(self, work: Work, _caller: Caller, _request: GetSitemapParts) -> views.SitemapParts:
        return views.SitemapParts(after=work.listings.part_ends())

    @answers(GetSitemapPart)
    def get_sitemap_part(self, work: Work, _caller: Caller, request: GetSitemapPart) -> views.SitemapPart:
        return queries.get_sitemap_part(work, request.after)

    @answers(GetSkus)
    def get_skus(self, work: Work, _caller: Caller, request: GetSkus) -> views.SkuCards:
        return queries.get_skus(work, request)

    @answers(ListCategories)
    def list_categories(self, work: Work, _caller: Caller, request: ListCategories) -> Page[views.Category]:
        return queries.list_categories(work, request)

    @answers(ListShopProducts)
    def list_shop_products(
        self, work: Work, caller: Caller, request: ListShopProducts
    ) -> Page[views.ShopProductCard]:
        return queries.list_shop_products(work, caller, request)

    @answers(ListLowStock)
    def list_low_stock(self, work: Work, caller: Caller, request: ListLowStock) -> Page[views.LowStock]:
        return queries.list_low_stock(work, caller, request)

    @every(seconds=5)
    def add_up_categories(self) -> None:
        use_cases.add_up_categories(self.work)
