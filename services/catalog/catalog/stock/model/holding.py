"""How much of a SKU one buyer may hold unpaid."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from catalog.stock.model.levels import Level
from catalog.stock.model.shortages import Reason, Shortage


@dataclass(frozen=True, kw_only=True)
class HoldLimit:
    """What one person may hold of a SKU unpaid: `percent` of what is there, and always `least` pieces."""

    percent: int
    least: int

    def most(self, level: Level) -> int:
        """So many pieces."""
        return max(self.least, level.on_hand * self.percent // 100)


@dataclass(eq=False, kw_only=True)
class Holder:
    """A buyer with the pieces by SKU that are set aside for him unpaid."""

    limit: HoldLimit
    held: Counter[UUID]

    def shortages(self, needed: Mapping[UUID, int], levels: Mapping[UUID, Level]) -> Iterable[Shortage]:
        """Of which SKUs he would hold too many; `available` is how many more he may hold."""
        for sku, wanted in needed.items():
            left = max(0, self.limit.most(levels[sku]) - self.held[sku])
            if wanted > left:
                yield Shortage(sku_id=sku, wanted=wanted, available=left, reason=Reason.HOLD_LIMIT)

    def hold(self, needed: Mapping[UUID, int]) -> None:
        """Count what has been set aside for him."""
        self.held.update(needed)
