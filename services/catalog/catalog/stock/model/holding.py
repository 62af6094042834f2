"""The limit on the units of a SKU that one buyer may have reserved unpaid."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from catalog.stock.model.levels import Level
from catalog.stock.model.shortages import Reason, Shortage


@dataclass(frozen=True, kw_only=True)
class HoldLimit:
    """The limit for one buyer and SKU: `percent` of the units on hand, but at least `least` units."""

    percent: int
    least: int

    def most(self, level: Level) -> int:
        """The limit in units."""
        return max(self.least, level.on_hand * self.percent // 100)


@dataclass(eq=False, kw_only=True)
class Holder:
    """A buyer, with the units by SKU that are reserved for them unpaid."""

    limit: HoldLimit
    held: Counter[UUID]

    def shortages(self, needed: Mapping[UUID, int], levels: Mapping[UUID, Level]) -> Iterable[Shortage]:
        """The SKUs of which the buyer would exceed the limit; `available` is how many more they may reserve."""
        for sku, wanted in needed.items():
            left = max(0, self.limit.most(levels[sku]) - self.held[sku])
            if wanted > left:
                yield Shortage(sku_id=sku, wanted=wanted, available=left, reason=Reason.HOLD_LIMIT)

    def hold(self, needed: Mapping[UUID, int]) -> None:
        """Count units as reserved for the buyer."""
        self.held.update(needed)
