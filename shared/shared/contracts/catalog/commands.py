"""The commands that catalog handles, with their replies."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.catalog.events import (
    RestockRefused,
    StockCommitRefused,
    StockCommitted,
    StockLine,
    StockRefused,
    StockReleased,
    StockReserved,
    StockRestocked,
)
from shared.messages import Command


@dataclass(frozen=True, kw_only=True)
class ReserveStock(
    Command, topic="catalog.reserve_stock.v1", key="checkout_id", yes=(StockReserved,), no=(StockRefused,)
):
    """Reserve all lines of a checkout, or none. A buyer may hold only a share of a SKU's stock unpaid."""

    checkout_id: UUID
    lines: tuple[StockLine, ...]
    buyer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseStock(Command, topic="catalog.release_stock.v1", key="checkout_id", yes=(StockReleased,)):
    """Release the reservations of a checkout; if there are none, prevent later ones (tombstone)."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class CommitStock(
    Command,
    topic="catalog.commit_stock.v1",
    key="checkout_id",
    yes=(StockCommitted,),
    no=(StockCommitRefused,),
):
    """Take the reserved units of a paid checkout out of the stock."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class Restock(Command, topic="catalog.restock.v1", key="order_id", yes=(StockRestocked,), no=(RestockRefused,)):
    """Restock returned units, once per `refund_id`, all or none; never more than the order took."""

    refund_id: UUID
    order_id: UUID
    checkout_id: UUID
    lines: tuple[StockLine, ...]
