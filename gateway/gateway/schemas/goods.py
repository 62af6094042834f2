"""Products, stock, imports."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from gateway.schemas.lists import TextPage
from shared.money import Money
from shared.shapes import identifier, paragraphs, raw, text, whole

MOST_PRICE, MOST_PIECES = 10**11, 10**9


class Sort(StrEnum):
    """The order of a list of products."""

    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"


class Shelf(StrEnum):
    """Whether a product is shown; `suspended` while its shop is."""

    DRAFT = "draft"
    ON_SHELF = "on_shelf"
    OFF_SHELF = "off_shelf"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class ProductSearch(TextPage):
    """Goods on the shelf: in a category and below it, of a shop, with every word of `q`."""

    q: str = text(100, 0, default="")
    category: str | None = text(255, default=None)
    shop_id: UUID | None = None
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, kw_only=True)
class ShopProductSearch(TextPage):
    """A shop's own goods, in any state or in one."""

    shop_id: UUID
    q: str = text(100, 0, default="")
    shelf: Shelf | None = None


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
class OwnProductCard(ProductCard):
    """A product in its shop's list."""

    shelf: Shelf
    version: int
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class ShopLabel:
    """Whose product it is."""

    shop_id: UUID
    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture and whether it was fetched."""

    src: str
    alt: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Sku:
    """One thing that can be bought."""

    sku_id: UUID
    code: str | None
    options: str
    option_values: tuple[str, ...]
    price: Money
    image: str | None
    available: int


@dataclass(frozen=True, kw_only=True)
class OwnSku(Sku):
    """A SKU with the stock behind what is available."""

    discontinued: bool
    on_hand: int
    reserved: int


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """What is said of a product; `version` grows with every change."""

    product_id: UUID
    shop_id: UUID
    version: int
    title: str
    description: str
    brand: str | None
    type: str | None
    category: str | None
    tags: tuple[str, ...]
    option_names: tuple[str, ...]
    pictures: tuple[Picture, ...]
    price_from: Money


@dataclass(frozen=True, kw_only=True)
class Product(ProductFacts):
    """A product as everybody sees it."""

    shop: ShopLabel
    skus: tuple[Sku, ...]


@dataclass(frozen=True, kw_only=True)
class OwnProduct(ProductFacts):
    """A product as its shop sees it."""

    handle: str
    shelf: Shelf
    skus: tuple[OwnSku, ...]


@dataclass(frozen=True, kw_only=True)
class CategoryPage:
    """`limit` categories after `cursor`, which the page before gave."""

    cursor: str | None = raw(4200, default=None)
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class Category:
    """A category with something on the shelf, and the number of products in it and below it."""

    path: str
    name: str
    parent: str | None
    products: int


@dataclass(frozen=True, kw_only=True)
class Price:
    """Minor units of a currency."""

    amount: int = whole(0, MOST_PRICE)
    currency: str = identifier(3, 3)


@dataclass(frozen=True, kw_only=True)
class PictureWish:
    """Where a picture is."""

    src: str = identifier(2048)
    alt: str = text(512, 0, default="")


@dataclass(frozen=True, kw_only=True)
class SkuWish:
    """A SKU as it shall be; known by its code, else by its option values. `stock` counts for a new one only."""

    code: str | None = identifier(255, default=None)
    option_values: tuple[str, ...] = text(3, 0, default=())
    price: Price
    image: str | None = identifier(2048, default=None)
    stock: int = whole(0, MOST_PIECES, default=0)


@dataclass(frozen=True, kw_only=True)
class NewProduct:
    """A new product, a draft. The handle names it within its shop; without one it is made from the title."""

    shop_id: UUID
    handle: str | None = identifier(255, default=None)
    title: str = text(255)
    description: str = paragraphs(65_536, 0, default="")
    brand: str = text(255, 0, default="")
    type: str = text(255, 0, default="")
    category: str | None = text(255, default=None)
    tags: tuple[str, ...] = text(250, 0, default=())
    option_names: tuple[str, ...] = text(3, 0, default=())
    pictures: tuple[PictureWish, ...] = text(250, 0, default=())
    skus: tuple[SkuWish, ...] = text(250)


@dataclass(frozen=True, kw_only=True)
class ProductChange:
    """What shall be different; `skus` and `pictures`, where given, are the whole list."""

    title: str | None = text(255, default=None)
    description: str | None = paragraphs(65_536, 0, default=None)
    brand: str | None = text(255, 0, default=None)
    type: str | None = text(255, 0, default=None)
    category: str | None = text(255, 0, default=None)
    tags: tuple[str, ...] | None = text(250, 0, default=None)
    option_names: tuple[str, ...] | None = text(3, 0, default=None)
    pictures: tuple[PictureWish, ...] | None = text(250, 0, default=None)
    skus: tuple[SkuWish, ...] | None = text(250, default=None)


@dataclass(frozen=True, kw_only=True)
class StockChange:
    """So many pieces more, or (negative) fewer; never below what is reserved."""

    change: int = whole(-MOST_PIECES, MOST_PIECES)
    reason: str = text(200)


@dataclass(frozen=True, kw_only=True)
class StockLevel:
    """How much there is, how much of it is set aside, how much can be bought."""

    sku_id: UUID
    on_hand: int
    reserved: int
    available: int


@dataclass(frozen=True, kw_only=True)
class Stock(StockLevel):
    """A SKU's stock with a page of its journal, newest first."""

    items: tuple[Any, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class ImportQuery:
    """The shop that a file is for, by its slug or its id, and what the file is called."""

    shop: str = identifier(255)
    filename: str = text(255, 0, default="")


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import: `waiting`, `running`, `done` with what was counted and every bad row, or `failed` with why."""

    import_id: UUID
    shop_id: UUID
    filename: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    report: Any
    problem: Any
