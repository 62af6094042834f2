"""An order's lines and amounts as its events carry them: whole states, so that a consumer keeps the newest one."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.marketing import Allocation
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class LineState:
    """The whole state of a line of goods as of the order's `version`: a consumer upserts by (line_id, version).

    Frozen when the order is placed: `category` (the product's path in the category tree at that time; null: none,
    or not known), `quantity`, `unit_price` (list price), `discount` (of all pieces, the sum of its `allocations`)
    and `paid` (for all pieces, after discounts). `refunded_quantity` and `refunded` are what has gone back so far:
    the pieces and the money of refunds that have arrived.
    """

    line_id: UUID
    product_id: UUID
    sku_id: UUID
    category: str | None
    quantity: int
    unit_price: Money
    discount: Money
    paid: Money
    allocations: tuple[Allocation, ...]
    refunded_quantity: int
    refunded: Money
    version: int


@dataclass(frozen=True, kw_only=True)
class OrderAmounts:
    """total = goods - discount + shipping; `refunded` of it has gone back, of lines and of shipping."""

    goods: Money
    discount: Money
    shipping: Money
    total: Money
    refunded: Money
