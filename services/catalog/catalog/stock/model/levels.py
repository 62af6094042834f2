"""The stock level of a SKU: units on hand, and how many of them are reserved.

on_hand = Σ of its journal, reserved = Σ of its open reservations, 0 ≤ reserved ≤ on_hand.
"""

from dataclasses import dataclass, field
from uuid import UUID

from shared.errors import Conflict, Invalid, NotFound

LOW = 5  # a level is low below this
MOST = 10**9


class SkuNotFound(NotFound):
    """There is no such SKU."""

    code = "sku_not_found"


class BelowReserved(Conflict):
    """Fewer units would be left than are reserved."""

    code = "stock_below_reserved"


class StockLimitExceeded(Invalid):
    """The stock would exceed the largest level."""

    code = "stock_limit_exceeded"


@dataclass(eq=False, kw_only=True)
class Level:
    """The stock level of one SKU. `sellable`: listed and not discontinued."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    on_hand: int
    reserved: int
    sellable: bool = True
    before: int = field(init=False)

    def __post_init__(self) -> None:
        self.before = self.available

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    @property
    def fell_low(self) -> bool:
        """Whether the level has become low since it was read."""
        return self.available < LOW <= self.before

    def reserve(self, quantity: int) -> None:
        self._set(self.on_hand, self.reserved + quantity)

    def release(self, quantity: int) -> None:
        self._set(self.on_hand, self.reserved - quantity)

    def commit(self, quantity: int) -> None:
        self._set(self.on_hand - quantity, self.reserved - quantity)

    def add(self, quantity: int) -> None:
        """Add units on hand, or remove some if negative. Raises BelowReserved, StockLimitExceeded."""
        self._set(self.on_hand + quantity, self.reserved)

    def _set(self, on_hand: int, reserved: int) -> None:
        if on_hand > MOST:
            raise StockLimitExceeded(most=MOST)
        if not 0 <= reserved <= on_hand:
            raise BelowReserved(on_hand=self.on_hand, reserved=self.reserved)
        self.on_hand, self.reserved = on_hand, reserved
