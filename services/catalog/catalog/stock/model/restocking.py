"""Goods of refunds come back into stock: never more than the order took, all of a refund's or none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from catalog.stock.model.levels import MOST, Level
from catalog.stock.model.lines import Line, LinesInvalid, demand, merged

Left = Mapping[UUID, Counter[tuple[UUID, UUID]]]


class RestockReason(StrEnum):
    """Why goods did not come back."""

    RESTOCK_TOO_MUCH = "restock_too_much"
    STOCK_LIMIT_EXCEEDED = "stock_limit_exceeded"
    LINES_INVALID = "lines_invalid"


@dataclass(frozen=True)
class Restocking:
    """`left`: by checkout the pieces of each order and SKU that may still come back."""

    levels: Mapping[UUID, Level]
    left: Left

    def take_back(self, checkout_id: UUID, lines: Sequence[Line]) -> RestockReason | None:
        """Put the goods on hand again. Where anything is in the way, nothing is changed, and it says what."""
        left = self.left.get(checkout_id, Counter())
        if reason := self._in_the_way(left, lines):
            return reason
        for line in lines:
            left[line.order_id, line.sku_id] -= line.quantity
            self.levels[line.sku_id].add(line.quantity)
        return None

    def _in_the_way(self, left: Counter[tuple[UUID, UUID]], lines: Sequence[Line]) -> RestockReason | None:
        try:
            wanted = merged(lines)
        except LinesInvalid:
            return RestockReason.LINES_INVALID
        if any(line.quantity > left[line.order_id, line.sku_id] for line in wanted):
            return RestockReason.RESTOCK_TOO_MUCH
        if any(self.levels[sku].on_hand + pieces > MOST for sku, pieces in demand(wanted).items()):
            return RestockReason.STOCK_LIMIT_EXCEEDED
        return None
