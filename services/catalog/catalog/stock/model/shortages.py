"""Reasons to refuse a claim, and the SKUs that are short."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from catalog.stock.model.levels import Level


class Reason(StrEnum):
    """Why a claim was refused."""

    OUT_OF_STOCK = "out_of_stock"
    OFF_SHELF = "off_shelf"
    TOO_LATE = "too_late"
    HOLD_LIMIT = "stock_hold_exceeded"


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """A SKU of which more was wanted than was available; 0 is available of an unlisted one."""

    sku_id: UUID
    wanted: int
    available: int
    reason: Reason


def missing(needed: Mapping[UUID, int], levels: Mapping[UUID, Level]) -> Iterator[Shortage]:
    """The SKUs of which more is needed than is available, in the order of their ids."""
    for sku, wanted in sorted(needed.items()):
        level = levels.get(sku)
        if level is None or not level.sellable:
            yield Shortage(sku_id=sku, wanted=wanted, available=0, reason=Reason.OFF_SHELF)
        elif level.available < wanted:
            yield Shortage(sku_id=sku, wanted=wanted, available=level.available, reason=Reason.OUT_OF_STOCK)
