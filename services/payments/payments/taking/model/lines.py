"""The lines of an order's part: what was paid for each, frozen when the payment is opened."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.money import Money


class LineKind(StrEnum):
    """What a line is paid for."""

    GOODS = "goods"
    SHIPPING = "shipping"


@dataclass(eq=False, kw_only=True)
class Line:
    """`paid` is for all its pieces, after what the shop and the platform took off; `tax` is contained in it."""

    line_id: UUID
    kind: LineKind
    category: str | None
    quantity: int
    paid: Money
    tax: Money
    shop_discount: Money
    platform_discount: Money
