"""The answers of catalog."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.catalog.import_codes import ImportFailure, RowProblemCode
from shared.contracts.texts import BilingualText
from shared.money import Money


class ProductSort(StrEnum):
    """The order of a list of products."""

    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"


class Shelf(StrEnum):
    """The state of a product: only an `on_shelf` one is shown and sold. It is `suspended` while its shop is."""

    DRAFT = "draft"
    ON_SHELF = "on_shelf"
    OFF_SHELF = "off_shelf"
    SUSPENDED = "suspended"


class PictureState(StrEnum):
    """Where a picture is: `local` on this platform, `not_fetched` at an external URL."""

    NOT_FETCHED = "not_fetched"
    LOCAL = "local"


class StockEntryKind(StrEnum):
    """Why the stock on hand changed."""

    RECEIVED = "received"
    ADJUSTED = "adjusted"
    COMMITTED = "committed"
    RESTOCKED = "restocked"


class AdjustmentCause(StrEnum):
    """Why a shop adjusts its stock."""

    DELIVERY = "delivery"
    RETURNED = "returned"
    DAMAGED = "damaged"
    LOST = "lost"
    STOCKTAKING = "stocktaking"
    OTHER = "other"


class StockCause(StrEnum):
    """Why a shop's own change of its stock was made."""

    OPENING_STOCK = "opening_stock"
    IMPORT = "import"
    DELIVERY = "delivery"
    RETURNED = "returned"
    DAMAGED = "damaged"
    LOST = "lost"
    STOCKTAKING = "stocktaking"
    OTHER = "other"


class ImportState(StrEnum):
    """The state of an import; `done` and `failed` are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class ProductCard:
    """A product in a list."""

    product_id: UUID
    shop_id: UUID
    title: str
    category: str | None
    image: str | None
    price_from: Money


@dataclass(frozen=True, kw_only=True)
class ListedProduct:
    """A product on sale, for search engines."""

    product_id: UUID
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class SitemapParts:
    """Where the parts of the list of all products on sale begin: after none, and after each of these."""

    after: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class SitemapPart:
    """A part of the list of all products on sale, oldest first."""

    items: tuple[ListedProduct, ...]


@dataclass(frozen=True, kw_only=True)
class ShopProductCard(ProductCard):
    """A product in its shop's list."""

    shelf: Shelf
    version: int
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProductShop:
    """The shop that sells a product."""

    shop_id: UUID
    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of a product, and whether it is stored on this platform."""

    src: str
    alt: str
    state: PictureState


@dataclass(frozen=True, kw_only=True)
class Sku:
    """A variant that can be bought, and its available quantity."""

    sku_id: UUID
    code: str
    options: str
    option_values: tuple[str, ...]
    price: Money
    image: str | None
    available: int


@dataclass(frozen=True, kw_only=True)
class ShopSku(Sku):
    """A SKU with its stock."""

    discontinued: bool
    on_hand: int
    reserved: int


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """The description of a product; `version` grows with every change."""

    product_id: UUID
    shop_id: UUID
    version: int
    title: str
    description: str
    brand: str
    type: str
    category: str | None
    tags: tuple[str, ...]
    option_names: tuple[str, ...]
    pictures: tuple[Picture, ...]
    price_from: Money


@dataclass(frozen=True, kw_only=True)
class Product(ProductFacts):
    """A product as shoppers see it."""

    shop: ProductShop
    skus: tuple[Sku, ...]


@dataclass(frozen=True, kw_only=True)
class ShopProduct(ProductFacts):
    """A product as its shop sees it."""

    handle: str
    shelf: Shelf
    skus: tuple[ShopSku, ...]


@dataclass(frozen=True, kw_only=True)
class SkuCard:
    """What a cart shows of a SKU; one that is no longer `on_shelf` has 0 `available`."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    shop: str
    title: str
    options: str
    image: str | None
    price: Money
    available: int
    on_shelf: bool


@dataclass(frozen=True, kw_only=True)
class SkuCards:
    """The known SKUs, in no particular order."""

    items: tuple[SkuCard, ...]


@dataclass(frozen=True, kw_only=True)
class Category:
    """A category with the number of listed products in it and its subcategories."""

    path: str
    name: str
    parent: str | None
    products: int


@dataclass(frozen=True, kw_only=True)
class StockLevel:
    """The quantities of a SKU on hand, reserved and available."""

    sku_id: UUID
    on_hand: int
    reserved: int
    available: int


@dataclass(frozen=True, kw_only=True)
class LowStock(StockLevel):
    """The stock of a listed SKU that is running low, with what identifies it to its shop."""

    product_id: UUID
    code: str
    title: str
    options: str
    image: str | None


@dataclass(frozen=True, kw_only=True)
class StockEntry:
    """A change of the stock on hand. `source_id` is the checkout, refund or import that caused it.

    `cause` is null for sold and restocked units; `reason` is what the shop noted.
    """

    kind: StockEntryKind
    change: int
    cause: StockCause | None
    reason: str
    source_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProductStockEntry(StockEntry):
    """A change of the stock of one of a product's SKUs."""

    sku_id: UUID
    code: str
    options: str


@dataclass(frozen=True, kw_only=True)
class Stock(StockLevel):
    """A SKU's stock with a page of its journal, newest first."""

    items: tuple[StockEntry, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class ImportedRows:
    """Rows of a file: all that were read, and those that were not imported."""

    read: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class ImportedProducts:
    """Products of a file, by result."""

    created: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ImportedSkus:
    """SKUs of the imported products: new ones and all."""

    created: int
    total: int


@dataclass(frozen=True, kw_only=True)
class ImportedPictures:
    """Pictures of the imported products; `repeated` ones were listed before."""

    not_fetched: int
    local: int
    repeated: int


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """Why a row, or the product that begins in it, was not imported. Line 1 is the header."""

    line: int
    handle: str
    code: RowProblemCode
    text: BilingualText


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """The result of an import. `errors` are the first thousand of `errors_total`."""

    rows: ImportedRows
    products: ImportedProducts
    skus: ImportedSkus
    pictures: ImportedPictures
    errors_total: int
    errors: tuple[RowProblem, ...]


@dataclass(frozen=True, kw_only=True)
class ImportProblem:
    """Why an import failed."""

    code: ImportFailure
    text: BilingualText


@dataclass(frozen=True, kw_only=True)
class ImportSummary:
    """An import in its shop's list. `rows`, `products` and `errors_total` are null until it is done."""

    import_id: UUID
    shop_id: UUID
    filename: str
    state: ImportState
    started_at: datetime
    finished_at: datetime | None
    rows: ImportedRows | None
    products: ImportedProducts | None
    errors_total: int | None
    problem: ImportProblem | None


@dataclass(frozen=True, kw_only=True)
class ImportProgress:
    """Products of the file that are done, in total and by result, and the seconds spent on them so far."""

    done: int
    total: int
    products: ImportedProducts
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import: it has a `report` once it is done, or a `problem` if it failed.

    `progress` is null before the first products are stored, and when the import has finished.
    """

    import_id: UUID
    shop_id: UUID
    filename: str
    state: ImportState
    started_at: datetime
    finished_at: datetime | None
    progress: ImportProgress | None
    report: ImportReport | None
    problem: ImportProblem | None
