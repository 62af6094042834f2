"""The lines of an order's part: what was paid for each, frozen when the payment is opened."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.payments import LineKind, RefundedLine
from shared.money import Money


@dataclass(eq=False, kw_only=True)
class Line:
    """`paid` is for all its pieces, after what the shop and the platform took off; `tax` is contained in it.

    `refunded…` has gone back, is on its way, or is no longer owed at the door: never more than there is.
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
        """Whether so many pieces and so much money of it can go back."""
        pieces_left = self.quantity - self.refunded_quantity
        return back.pieces <= pieces_left and back.amount <= self.paid - self.refunded

    def refund(self, back: RefundedLine) -> None:
        """Count what goes back; whether there is as much was looked at before."""
        self.refunded_quantity += back.pieces
        self.refunded += back.amount
