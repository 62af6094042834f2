"""The requests that catalog answers."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.catalog.events import ProductChanged, ProductPublished, ProductWithdrawn
from shared.contracts.catalog.views import (
    AdjustmentCause,
    Category,
    Import,
    ImportSummary,
    LowStock,
    Product,
    ProductCard,
    ProductSort,
    ProductStockEntry,
    Shelf,
    ShopProduct,
    ShopProductCard,
    SitemapPart,
    SitemapParts,
    SkuCards,
    Stock,
    StockLevel,
)
from shared.contracts.pages import ListRequest, Page, TextListRequest
from shared.permissions import Permission
from shared.requests import Cached, Request
from shared.shapes import identifier, paragraphs, raw, text, whole

ON_LISTING = Cached(on=(ProductPublished, ProductChanged, ProductWithdrawn))  # of lists of products
MOST_SKUS, MOST_PICTURES, MOST_TAGS, MOST_OPTIONS = 250, 250, 250, 3
LONGEST_DESCRIPTION = 65_536  # characters
MOST_PRICE = 10**11  # minor units
MOST_PIECES = 10**9


@dataclass(frozen=True, kw_only=True)
class Price:
    """An amount in minor units of a currency."""

    amount: int = whole(0, MOST_PRICE)
    currency: str = identifier(3, 3)


@dataclass(frozen=True, kw_only=True)
class PictureInput:
    """A picture: `src` is an http(s) URL, or a path below /media/."""

    src: str = identifier(2048)
    alt: str = text(512, 0, default="")


@dataclass(frozen=True, kw_only=True)
class SkuInput:
    """The data of a SKU, identified by its code, else by its option values. `stock` applies to new SKUs only."""

    code: str | None = identifier(255, default=None)
    option_values: tuple[str, ...] = text(MOST_OPTIONS, 0, default=())
    price: Price
    image: str | None = identifier(2048, default=None)
    stock: int = whole(0, MOST_PIECES, default=0)


@dataclass(frozen=True, kw_only=True)
class ListProducts(TextListRequest, answer=Page[ProductCard], permission=Permission.PUBLIC, cached=ON_LISTING):
    """List the products on sale: in a category and its subcategories, of a shop, with every word of `q`."""

    q: str = text(100, 0, default="")
    category: str | None = text(255, default=None)
    shop_id: UUID | None = None
    sort: ProductSort = ProductSort.NEWEST


@dataclass(frozen=True, kw_only=True)
class GetProduct(
    Request, answer=Product, permission=Permission.PUBLIC, cached=Cached(by=("product_id", "sku_id", "shop_id"))
):
    """Get a product on sale, with its SKUs and their availability."""

    product_id: UUID


@dataclass(frozen=True, kw_only=True)
class GetSitemapParts(Request, answer=SitemapParts, permission=Permission.PUBLIC):
    """Get where the parts of the list of all products on sale begin."""


@dataclass(frozen=True, kw_only=True)
class GetSitemapPart(Request, answer=SitemapPart, permission=Permission.PUBLIC):
    """Get a part of the list of all products on sale."""

    after: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class GetSkus(Request, answer=SkuCards, permission=Permission.PUBLIC):
    """Get the data that a cart shows of SKUs, also of SKUs no longer sold. Unknown SKUs are omitted."""

    sku_ids: tuple[UUID, ...] = text(100, 0)


@dataclass(frozen=True, kw_only=True)
class ListCategories(TextListRequest, answer=Page[Category], permission=Permission.PUBLIC, cached=ON_LISTING):
    """List the categories with products on sale, parents before children."""

    cursor: str | None = raw(4200, default=None)


@dataclass(frozen=True, kw_only=True)
class ListShopProducts(
    TextListRequest,
    answer=Page[ShopProductCard],
    permission=Permission.CATALOG_EDIT,
    audit="product.list",
    reads=True,
):
    """List a shop's own products, newest first, in all states or in one."""

    shop_id: UUID
    q: str = text(100, 0, default="")
    shelf: Shelf | None = None


@dataclass(frozen=True, kw_only=True)
class GetShopProduct(
    Request, answer=ShopProduct, permission=Permission.CATALOG_EDIT, audit="product.read", reads=True
):
    """Get a product of a shop with its stock, in any state."""

    product_id: UUID


@dataclass(frozen=True, kw_only=True)
class CreateProduct(
    Request, answer=ShopProduct, permission=Permission.CATALOG_EDIT, keyed=True, audit="product.create"
):
    """Create a product as a draft, with its initial stock.

    The handle identifies it within its shop; by default it is derived from the title.
    """

    shop_id: UUID
    handle: str | None = identifier(255, default=None)
    title: str = text(255)
    description: str = paragraphs(LONGEST_DESCRIPTION, 0, default="")
    brand: str = text(255, 0, default="")
    type: str = text(255, 0, default="")
    category: str | None = text(255, default=None)
    tags: tuple[str, ...] = text(MOST_TAGS, 0, default=())
    option_names: tuple[str, ...] = text(MOST_OPTIONS, 0, default=())
    pictures: tuple[PictureInput, ...] = text(MOST_PICTURES, 0, default=())
    skus: tuple[SkuInput, ...] = text(MOST_SKUS)


@dataclass(frozen=True, kw_only=True)
class ChangeProduct(Request, answer=ShopProduct, permission=Permission.CATALOG_EDIT, audit="product.change"):
    """Change some fields of a product; omitted fields are kept. `skus` and `pictures` replace the whole list.

    With a `version` it is refused unless the product still has that version.
    """

    product_id: UUID
    version: int | None = None
    title: str | None = text(255, default=None)
    description: str | None = paragraphs(LONGEST_DESCRIPTION, 0, default=None)
    brand: str | None = text(255, 0, default=None)
    type: str | None = text(255, 0, default=None)
    category: str | None = text(255, 0, default=None)
    tags: tuple[str, ...] | None = text(MOST_TAGS, 0, default=None)
    option_names: tuple[str, ...] | None = text(MOST_OPTIONS, 0, default=None)
    pictures: tuple[PictureInput, ...] | None = text(MOST_PICTURES, 0, default=None)
    skus: tuple[SkuInput, ...] | None = text(MOST_SKUS, default=None)


@dataclass(frozen=True, kw_only=True)
class PublishProduct(Request, answer=ShopProduct, permission=Permission.CATALOG_EDIT, audit="product.publish"):
    """Put a product on sale. With a `version` it is refused unless the product still has that version."""

    product_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawProduct(Request, answer=ShopProduct, permission=Permission.CATALOG_EDIT, audit="product.withdraw"):
    """Take a product off sale. With a `version` it is refused unless the product still has that version."""

    product_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AdjustStock(
    Request, answer=StockLevel, permission=Permission.STOCK_ADJUST, keyed=True, audit="stock.adjust"
):
    """Add units to a SKU's stock, or remove them (negative); never below the reserved quantity.

    `reason` is a note on the `cause`.
    """

    sku_id: UUID
    change: int = whole(-MOST_PIECES, MOST_PIECES)
    cause: AdjustmentCause = AdjustmentCause.OTHER
    reason: str = text(200, 0, default="")


@dataclass(frozen=True, kw_only=True)
class GetStock(TextListRequest, answer=Stock, permission=Permission.STOCK_ADJUST, audit="stock.read", reads=True):
    """Get a SKU's stock with a page of its journal, newest first."""

    sku_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListStockJournal(
    TextListRequest,
    answer=Page[ProductStockEntry],
    permission=Permission.STOCK_ADJUST,
    audit="stock.read",
    reads=True,
):
    """List the changes of the stock of all SKUs of a product, newest first."""

    product_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListLowStock(
    TextListRequest, answer=Page[LowStock], permission=Permission.STOCK_ADJUST, audit="stock.list", reads=True
):
    """List the SKUs of a shop's listed products with at most `at_most` units available, the fewest first."""

    shop_id: UUID
    at_most: int = whole(0, 1000, default=5)


@dataclass(frozen=True, kw_only=True)
class ImportProducts(
    Request, answer=Import, permission=Permission.CATALOG_IMPORT, audit="product.import", switch="imports"
):
    """Import a Shopify product CSV in the background, once per idempotency key.

    `shop` is its slug or its id. The key is shared by all members of the shop. A repeated request gets the current
    state of the import, not the first answer.
    """

    shop: str = identifier(255)
    filename: str = text(255, 0, default="")
    csv: str
    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class GetImport(Request, answer=Import, permission=Permission.CATALOG_IMPORT, audit="import.read", reads=True):
    """Get an import, with its report once it is done."""

    import_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListImports(
    ListRequest,
    answer=Page[ImportSummary],
    permission=Permission.CATALOG_IMPORT,
    audit="import.list",
    reads=True,
):
    """List a shop's imports of the last year, newest first, without their reports."""

    shop_id: UUID
