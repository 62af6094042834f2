"""The events of catalog."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.messages import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class Sku:
    """A variant that can be bought: `options` is like 颜色: 红 / 尺码: M, empty for a product without options."""

    sku_id: UUID
    code: str
    options: str
    price: Money
    image: str | None = None


@dataclass(frozen=True, kw_only=True)
class StockLine:
    """`quantity` units of a SKU for one order of the checkout."""

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
    """Why the stock was not committed."""

    NOTHING_RESERVED = "nothing_reserved"


class RestockRefusal(StrEnum):
    """Why nothing was restocked: more than the order took, above the stock limit, or lines without units."""

    RESTOCK_TOO_MUCH = "restock_too_much"
    STOCK_LIMIT_EXCEEDED = "stock_limit_exceeded"
    LINES_INVALID = "lines_invalid"


@dataclass(frozen=True, kw_only=True)
class RefusedLine:
    """A SKU that could not be reserved: `wanted` units of it, of which `available` are left; 0 if it is unlisted.

    If the buyer would hold too many, `available` is how many more may be held.
    """

    sku_id: UUID
    wanted: int
    available: int
    reason: StockRefusal


@dataclass(frozen=True, kw_only=True)
class ProductPublished(Event, topic="catalog.product_published.v1", key="product_id"):
    """A product was listed; `version` grows with every change."""

    product_id: UUID
    shop_id: UUID
    version: int
    title: str
    category: str | None
    image: str | None
    skus: tuple[Sku, ...]


@dataclass(frozen=True, kw_only=True)
class ProductChanged(Event, topic="catalog.product_changed.v1", key="product_id"):
    """A listed product changed; the fields are the full state, as in ProductPublished."""

    product_id: UUID
    shop_id: UUID
    version: int
    title: str
    category: str | None
    image: str | None
    skus: tuple[Sku, ...]


@dataclass(frozen=True, kw_only=True)
class ProductWithdrawn(Event, topic="catalog.product_withdrawn.v1", key="product_id"):
    """A product was unlisted: it is not shown and cannot be ordered."""

    product_id: UUID
    shop_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class StockReserved(Event, topic="catalog.stock_reserved.v1", key="checkout_id"):
    """All lines of the checkout are reserved."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class StockRefused(Event, topic="catalog.stock_refused.v1", key="checkout_id"):
    """Nothing was reserved; `lines` are those that could not be, each with its reason, `sku_ids` their SKUs.

    `stock_hold_exceeded`: the buyer would hold more units unpaid than allowed.
    """

    checkout_id: UUID
    reason: StockRefusal
    sku_ids: tuple[UUID, ...] = ()
    lines: tuple[RefusedLine, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class StockReleased(Event, topic="catalog.stock_released.v1", key="checkout_id"):
    """The checkout has no reservations any more, and cannot get any."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class StockCommitted(Event, topic="catalog.stock_committed.v1", key="checkout_id"):
    """The reserved units have been taken out of the stock."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class StockCommitRefused(Event, topic="catalog.stock_commit_refused.v1", key="checkout_id"):
    """The checkout has no reservations, so the stock is unchanged. A repeated command is checked again."""

    checkout_id: UUID
    reason: CommitRefusal


@dataclass(frozen=True, kw_only=True)
class StockRestocked(Event, topic="catalog.stock_restocked.v1", key="order_id"):
    """The units of a refund were restocked, once per `refund_id`."""

    refund_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class RestockRefused(Event, topic="catalog.restock_refused.v1", key="order_id"):
    """None of a refund's units were restocked. A repeated command is checked again."""

    refund_id: UUID
    order_id: UUID
    reason: RestockRefusal


@dataclass(frozen=True, kw_only=True)
class AvailabilityChanged(Event, topic="catalog.availability_changed.v1", key="change_id"):
    """The available units of these SKUs changed; several changes of one moment are one event.

    `available` are the units of each, in the same order. Of two events of a SKU, the one with the lower
    `change_id` is older.
    """

    change_id: UUID
    sku_ids: tuple[UUID, ...]
    available: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class StockLow(Event, topic="catalog.stock_low.v1", key="sku_id", outside=True):
    """Fewer available units than the shop's threshold are left."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    available: int
