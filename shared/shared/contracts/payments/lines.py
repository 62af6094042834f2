"""The lines of payments and refunds: the lines of an order, and its shipping as a line of its own."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.line_kinds import LineKind
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class DiscountShares:
    """The discount on a line, by who bears it."""

    shop: Money
    platform: Money


@dataclass(frozen=True, kw_only=True)
class PartLine:
    """A paid line of an order: `paid` is for its whole quantity, after `discount`, and includes `tax`.

    `category`: the product's path in the category tree when it was ordered; null if it had none, and for shipping.
    """

    line_id: UUID
    kind: LineKind
    category: str | None
    quantity: int
    paid: Money
    tax: Money
    discount: DiscountShares


@dataclass(frozen=True, kw_only=True)
class RefundedLine:
    """The refund of a line: `amount` for `pieces` units of it, 0 for money alone (shipping, goodwill)."""

    line_id: UUID
    pieces: int
    amount: Money
