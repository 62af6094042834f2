"""The lines and amounts of an order in its events. They are full states: a consumer stores the newest one."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.marketing import Allocation
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class LineState:
    """The full state of an order line at the order's `version`: a consumer upserts by (line_id, version).

    Fixed when the order is placed: `category` (the product's path in the category tree at that time; null: none,
    or unknown), `quantity`, `unit_price` (list price), `discount` (for the whole quantity, the sum of its
    `allocations`) and `paid` (for the whole quantity, after discounts). `refunded_quantity` and `refunded` are the
    units and the money of the refunds that have arrived.
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
    """total = goods - discount + shipping; `refunded` is the refunded part, of lines and shipping."""

    goods: Money
    discount: Money
    shipping: Money
    total: Money
    refunded: Money
