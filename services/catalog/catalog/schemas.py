"""The shapes of what catalog is asked over RPC. What does not fit is refused with the field's path."""

from dataclasses import dataclass
from uuid import UUID

from catalog.domain.product import LONGEST_DESCRIPTION, MOST_PICTURES, MOST_PRICE, MOST_SKUS
from catalog.domain.shelf import Shelf
from catalog.domain.stock import MOST
from catalog.repository.listings import Sort
from shared.shapes import identifier, paragraphs, raw, text, whole


@dataclass(frozen=True, kw_only=True)
class Page:
    """`limit` items after `cursor`, which the page before gave."""

    cursor: str | None = raw(200, default=None)
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class ListProducts(Page):
    """Goods on the shelf: in a category and below it, of a shop, with every word of `q`."""

    q: str = text(100, 0, default="")
    category: str | None = text(255, default=None)
    shop_id: UUID | None = None
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, kw_only=True)
class ListCategories:
    """`limit` categories after `cursor`, which the page before gave."""

    cursor: str | None = raw(4200, default=None)
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class ShopProducts(Page):
    """A shop's own goods, in any state or in one."""

    shop_id: UUID
    q: str = text(100, 0, default="")
    shelf: Shelf | None = None


@dataclass(frozen=True, kw_only=True)
class OfProduct:
    """One product; a change may name the `version` it was made from."""

    product_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Skus:
    """Some SKUs."""

    sku_ids: tuple[UUID, ...] = text(100, 0)


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
    stock: int = whole(0, MOST, default=0)


@dataclass(frozen=True, kw_only=True)
class CreateProduct:
    """A new product, a draft. The handle names it within its shop; without one it is made from the title."""

    shop_id: UUID
    handle: str | None = identifier(255, default=None)
    title: str = text(255)
    description: str = paragraphs(LONGEST_DESCRIPTION, 0, default="")
    brand: str = text(255, 0, default="")
    type: str = text(255, 0, default="")
    category: str | None = text(255, default=None)
    tags: tuple[str, ...] = text(250, 0, default=())
    option_names: tuple[str, ...] = text(3, 0, default=())
    pictures: tuple[PictureWish, ...] = text(MOST_PICTURES, 0, default=())
    skus: tuple[SkuWish, ...] = text(MOST_SKUS)
    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class ChangeProduct:
    """What shall be different; `skus` and `pictures`, where given, are the whole list."""

    product_id: UUID
    version: int | None = None
    title: str | None = text(255, default=None)
    description: str | None = paragraphs(LONGEST_DESCRIPTION, 0, default=None)
    brand: str | None = text(255, 0, default=None)
    type: str | None = text(255, 0, default=None)
    category: str | None = text(255, 0, default=None)
    tags: tuple[str, ...] | None = text(250, 0, default=None)
    option_names: tuple[str, ...] | None = text(3, 0, default=None)
    pictures: tuple[PictureWish, ...] | None = text(MOST_PICTURES, 0, default=None)
    skus: tuple[SkuWish, ...] | None = text(MOST_SKUS, default=None)


@dataclass(frozen=True, kw_only=True)
class AdjustStock:
    """So many pieces more, or (negative) fewer."""

    sku_id: UUID
    change: int = whole(-MOST, MOST)
    reason: str = text(200)
    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class StockOf(Page):
    """A SKU's stock with a page of its journal."""

    sku_id: UUID


@dataclass(frozen=True, kw_only=True)
class ImportProducts:
    """A Shopify product CSV for a shop, which is named by its slug or its id."""

    shop: str = identifier(255)
    filename: str = text(255, 0, default="")
    csv: str
    idempotency_key: str | None = raw(255, default=None)


@dataclass(frozen=True, kw_only=True)
class OfImport:
    """One import."""

    import_id: UUID
