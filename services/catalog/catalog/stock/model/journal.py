"""The stock journal of a SKU: every change of the units on hand, with its cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class EntryKind(StrEnum):
    """Why the units on hand changed."""

    RECEIVED = "received"
    ADJUSTED = "adjusted"
    COMMITTED = "committed"
    RESTOCKED = "restocked"


class Cause(StrEnum):
    """Why a shop changed its stock itself."""

    OPENING_STOCK = "opening_stock"
    IMPORT = "import"
    DELIVERY = "delivery"
    RETURNED = "returned"
    DAMAGED = "damaged"
    LOST = "lost"
    STOCKTAKING = "stocktaking"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of the journal. `source_id` is the checkout, refund or import that caused it.

    `cause` is None for sold and restocked units; `reason` is a note on it.
    """

    sku_id: UUID
    kind: EntryKind
    change: int
    cause: Cause | None = None
    reason: str = ""
    source_id: UUID | None = None
    actor_id: UUID | None = None


def received(
    opening: Mapping[UUID, int], actor_id: UUID | None, *, cause: Cause, source_id: UUID | None = None
) -> list[Entry]:
    """The first entries of new SKUs: the opening stock of each."""
    return [
        Entry(
            sku_id=sku_id,
            kind=EntryKind.RECEIVED,
            change=units,
            cause=cause,
            source_id=source_id,
            actor_id=actor_id,
        )
        for sku_id, units in opening.items()
    ]
