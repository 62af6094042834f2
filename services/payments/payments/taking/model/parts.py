"""One order's share of a payment, and how much of it can go back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from payments.taking.model.lines import Line
from shared.errors import Conflict, NotFound
from shared.money import Money, zero


class OrderNotFound(NotFound):
    """This payment does not pay that order."""

    code = "order_not_found"


class RefundAmountExceeded(Conflict):
    """More would go back than is left of what the order paid."""

    code = "refund_amount_exceeded"


class RefundAmountInvalid(Conflict):
    """A refund is more than nothing, in the currency of the payment."""

    code = "refund_amount_invalid"


@dataclass(eq=False, kw_only=True)
class Part:
    """`amount` is what the order shall pay, for its `lines`. At any time

    receivable + captured + written_off ≤ amount      (equal once it is booked or captured)
    refunded ≤ captured
    """

    order_id: UUID
    shop_id: UUID
    amount: Money
    receivable: Money  # to be taken at the door
    captured: Money  # kept
    refunded: Money  # gone back, or on its way
    written_off: Money  # never taken, no longer owed
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def unpaid(cls, order_id: UUID, shop_id: UUID, amount: Money, lines: Iterable[Line]) -> "Part":
        nothing = zero(amount.currency)
        return cls(
            order_id=order_id,
            shop_id=shop_id,
            amount=amount,
            receivable=nothing,
            captured=nothing,
            refunded=nothing,
            written_off=nothing,
            lines=list(lines),
        )

    @property
    def booked(self) -> bool:
        return self.receivable + self.captured + self.written_off == self.amount

    @property
    def settled(self) -> bool:
        """Booked, and nothing is left to be taken."""
        return self.booked and not self.receivable

    @property
    def refundable(self) -> Money:
        return self.receivable + self.captured - self.refunded

    def capture(self) -> None:
        self.captured = self.amount

    def book(self) -> Money:
        if self.booked:
            return zero(self.amount.currency)
        self.receivable = self.amount
        return self.amount

    def take_cash(self) -> Money:
        taken, self.receivable = self.receivable, zero(self.amount.currency)
        self.captured += taken
        return taken

    def write_off(self, amount: Money) -> None:
        self._check(amount)
        self.receivable -= amount
        self.written_off += amount

    def refund(self, amount: Money) -> None:
        self._check(amount)
        self.refunded += amount

    def _check(self, amount: Money) -> None:
        if amount.currency != self.amount.currency or amount.amount <= 0:
            raise RefundAmountInvalid
        if self.refundable < amount:
            raise RefundAmountExceeded
