"""Restocks of refunds: all lines of a refund or none, and never more units than the order bought."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from catalog.stock.model.levels import MOST, Level
from catalog.stock.model.lines import Line, LinesInvalid, demand, merged

Left = Mapping[UUID, Counter[tuple[UUID, UUID]]]


class RestockReason(StrEnum):
    """Why a restock was refused."""

    RESTOCK_TOO_MUCH = "restock_too_much"
    STOCK_LIMIT_EXCEEDED = "stock_limit_exceeded"
    LINES_INVALID = "lines_invalid"


@dataclass(frozen=True)
class Restocking:
    """`left`: by checkout, the units of each order and SKU that may still be restocked."""

    levels: Mapping[UUID, Level]
    left: Left

    def take_back(self, checkout_id: UUID, lines: Sequence[Line]) -> RestockReason | None:
        """Add the units to the stock. If any line is refused, change nothing and return the reason."""
        left = self.left.get(checkout_id, Counter())
        if reason := self._refusal(left, lines):
            return reason
        for line in lines:
            left[line.order_id, line.sku_id] -= line.quantity
            self.levels[line.sku_id].add(line.quantity)
        return None

    def _refusal(self, left: Counter[tuple[UUID, UUID]], lines: Sequence[Line]) -> RestockReason | None:
        try:
            wanted = merged(lines)
        except LinesInvalid:
            return RestockReason.LINES_INVALID
        if any(line.quantity > left[line.order_id, line.sku_id] for line in wanted):
            return RestockReason.RESTOCK_TOO_MUCH
        if any(self.levels[sku].on_hand + units > MOST for sku, units in demand(wanted).items()):
            return RestockReason.STOCK_LIMIT_EXCEEDED
        return None
