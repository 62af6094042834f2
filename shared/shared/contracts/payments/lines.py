"""The lines of what is paid and goes back: an order's goods line by line, its shipping as a line of its own."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.line_kinds import LineKind
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class DiscountShares:
    """What was taken off a line, by who bears it."""

    shop: Money
    platform: Money


@dataclass(frozen=True, kw_only=True)
class PartLine:
    """A line of an order as it is paid: `paid` is for all its pieces, after `discount`; `tax` is contained in it.

    `category`: the product's path in the category tree when it was ordered, null if it had none, and of shipping.
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
    """What goes back of a line: `amount` for `pieces` of it, which are 0 for money alone (shipping, goodwill)."""

    line_id: UUID
    pieces: int
    amount: Money
