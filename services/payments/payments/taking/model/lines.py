"""The lines of a part: what was paid for each, frozen when the payment is opened."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.payments import LineKind, RefundedLine
from shared.money import Money


@dataclass(eq=False, kw_only=True)
class Line:
    """A line of an order. `paid` is for the whole quantity, after discounts and including `tax`.

    `refunded` and `refunded_quantity` include refunds in progress and written-off cash; they never exceed `paid`
    and `quantity`.
    """

    line_id: UUID
    kind: LineKind
    category: str | None
    quantity: int
    paid: Money
    tax: Money
    shop_discount: Money
    platform_discount: Money
    refunded_quantity: int
    refunded: Money

    def has_left(self, back: RefundedLine) -> bool:
        """Whether this quantity and amount can still be refunded."""
        quantity_left = self.quantity - self.refunded_quantity
        return back.pieces <= quantity_left and back.amount <= self.paid - self.refunded

    def refund(self, back: RefundedLine) -> None:
        """Add to what is refunded; the caller has checked `has_left`."""
        self.refunded_quantity += back.pieces
        self.refunded += back.amount
