"""What catalog makes known."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.messages import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class Sku:
    """One thing that can be bought: `options` reads like 颜色: 红 / 尺码: M, empty for a product without any."""

    sku_id: UUID
    code: str
    options: str
    price: Money
    image: str | None = None


@dataclass(frozen=True, kw_only=True)
class StockLine:
    """`quantity` pieces of a SKU for one order of the checkout."""

    order_id: UUID
    sku_id: UUID
    quantity: int


class StockRefusal(StrEnum):
    """Why stock could not be reserved."""

    OUT_OF_STOCK = "out_of_stock"
    OFF_SHELF = "off_shelf"
    TOO_LATE = "too_late"
    RELEASED = "released"
    HOLD_LIMIT = "stock_hold_exceeded"


class CommitRefusal(StrEnum):
    """Why nothing left the stock."""

    NOTHING_RESERVED = "nothing_reserved"


class RestockRefusal(StrEnum):
    """Why no goods came back: more than the order took, more than a stock can hold, or lines without pieces."""

    RESTOCK_TOO_MUCH = "restock_too_much"
    STOCK_LIMIT_EXCEEDED = "stock_limit_exceeded"
    LINES_INVALID = "lines_invalid"


@dataclass(frozen=True, kw_only=True)
class RefusedLine:
    """A SKU that stood in the way: `wanted` pieces of it, `available` of them left, 0 of one off the shelf.

    Of one of which the buyer would hold too many, `available` is how many more may be held.
    """

    sku_id: UUID
    wanted: int
    available: int
    reason: StockRefusal


@dataclass(frozen=True, kw_only=True)
class ProductPublished(Event, topic="catalog.product_published.v1", key="product_id"):
    """A product came onto the shelf, with all that a price list needs; `version` grows with every change."""

    product_id: UUID
    shop_id: UUID
    version: int
    title: str
    category: str | None
    image: str | None
    skus: tuple[Sku, ...]


@dataclass(frozen=True, kw_only=True)
class ProductChanged(Event, topic="catalog.product_changed.v1", key="product_id"):
    """A product on the shelf changed; the whole of it, as ProductPublished says it."""

    product_id: UUID
    shop_id: UUID
    version: int
    title: str
    category: str | None
    image: str | None
    skus: tuple[Sku, ...]


@dataclass(frozen=True, kw_only=True)
class ProductWithdrawn(Event, topic="catalog.product_withdrawn.v1", key="product_id"):
    """A product left the shelf: it is not shown and cannot be ordered."""

    product_id: UUID
    shop_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class StockReserved(Event, topic="catalog.stock_reserved.v1", key="checkout_id"):
    """All lines of the checkout are set aside; nobody else can buy them."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class StockRefused(Event, topic="catalog.stock_refused.v1", key="checkout_id"):
    """Nothing was set aside; `lines` are what stood in the way, each with its own reason, `sku_ids` their SKUs.

    `stock_hold_exceeded`: the buyer would hold more of them unpaid than one person may.
    """

    checkout_id: UUID
    reason: StockRefusal
    sku_ids: tuple[UUID, ...] = ()
    lines: tuple[RefusedLine, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class StockReleased(Event, topic="catalog.stock_released.v1", key="checkout_id"):
    """Nothing is set aside for the checkout any more, and nothing ever will be."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class StockCommitted(Event, topic="catalog.stock_committed.v1", key="checkout_id"):
    """What was set aside has left the stock for good."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class StockCommitRefused(Event, topic="catalog.stock_commit_refused.v1", key="checkout_id"):
    """Nothing is set aside for the checkout, so that nothing left the stock; asked again, it is looked at anew."""

    checkout_id: UUID
    reason: CommitRefusal


@dataclass(frozen=True, kw_only=True)
class StockRestocked(Event, topic="catalog.stock_restocked.v1", key="order_id"):
    """Goods of a refund are back in stock, once per `refund_id`."""

    refund_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class RestockRefused(Event, topic="catalog.restock_refused.v1", key="order_id"):
    """None of a refund's goods came back; asked again, it is looked at anew."""

    refund_id: UUID
    order_id: UUID
    reason: RestockRefusal


@dataclass(frozen=True, kw_only=True)
class StockLow(Event, topic="catalog.stock_low.v1", key="sku_id", outside=True):
    """Fewer than the shop's threshold are left to sell."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    available: int
