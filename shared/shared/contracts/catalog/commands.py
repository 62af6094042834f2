"""What catalog may be told to do, and how each command is answered."""

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
    """Set all lines of a checkout aside, or none. Of each SKU one buyer may hold a share of the stock unpaid."""

    checkout_id: UUID
    lines: tuple[StockLine, ...]
    buyer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ReleaseStock(Command, topic="catalog.release_stock.v1", key="checkout_id", yes=(StockReleased,)):
    """Let go what a checkout holds; if it holds nothing, see to it that it never will (tombstone)."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class CommitStock(
    Command,
    topic="catalog.commit_stock.v1",
    key="checkout_id",
    yes=(StockCommitted,),
    no=(StockCommitRefused,),
):
    """The checkout is paid: what it holds leaves the stock."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class Restock(Command, topic="catalog.restock.v1", key="order_id", yes=(StockRestocked,), no=(RestockRefused,)):
    """Goods come back, once per `refund_id`, all or none; never more than the order took."""

    refund_id: UUID
    order_id: UUID
    checkout_id: UUID
    lines: tuple[StockLine, ...]
