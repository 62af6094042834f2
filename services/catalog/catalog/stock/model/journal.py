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


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of the journal. `source_id` is the checkout, refund or import that caused it."""

    sku_id: UUID
    kind: EntryKind
    change: int
    reason: str = ""
    source_id: UUID | None = None
    actor_id: UUID | None = None


def received(
    opening: Mapping[UUID, int], actor_id: UUID | None, *, reason: str, source_id: UUID | None = None
) -> list[Entry]:
    """The first entries of new SKUs: the opening stock of each."""
    return [
        Entry(
            sku_id=sku_id,
            kind=EntryKind.RECEIVED,
            change=units,
            reason=reason,
            source_id=source_id,
            actor_id=actor_id,
        )
        for sku_id, units in opening.items()
    ]
