"""One order's share of a payment, and how much of it can go back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from payments.taking.model.lines import Line
from shared.contracts.payments import RefundedLine
from shared.errors import Conflict, NotFound
from shared.money import Money, total, zero


class OrderNotFound(NotFound):
    """This payment does not pay that order."""

    code = "order_not_found"


class RefundAmountExceeded(Conflict):
    """More would go back than is left of what the order paid, or of what was paid for one of its lines."""

    code = "refund_amount_exceeded"


class RefundAmountInvalid(Conflict):
    """A refund is more than nothing, in the currency of the payment, and what it takes of the order's lines."""

    code = "refund_amount_invalid"


@dataclass(eq=False, kw_only=True)
class Part:
    """`amount` is what the order shall pay, for its `lines`. At any time

    receivable + captured + written_off ≤ amount      (equal once it is booked or captured)
    refunded ≤ captured

    and of each line, refunded ≤ paid.
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

    def give_up(self) -> Money:
        """Nobody will come to the door: return what was still owed, and no longer is."""
        owed, self.receivable = self.receivable, zero(self.amount.currency)
        self.written_off += owed
        return owed

    def write_off(self, amount: Money, lines: Sequence[RefundedLine]) -> None:
        """Owe so much less at the door. Raises RefundAmountInvalid, RefundAmountExceeded, and changes nothing."""
        self._give_back(amount, lines)
        self.receivable -= amount
        self.written_off += amount

    def refund(self, amount: Money, lines: Sequence[RefundedLine]) -> None:
        """Send so much back. Raises RefundAmountInvalid, RefundAmountExceeded, and changes nothing."""
        self._give_back(amount, lines)
        self.refunded += amount

    def _give_back(self, amount: Money, lines: Sequence[RefundedLine]) -> None:
        paid = {line.line_id: line for line in self.lines}
        if not self._adds_up(amount, lines) or not paid.keys() >= {back.line_id for back in lines}:
            raise RefundAmountInvalid
        if self.refundable < amount or not all(paid[back.line_id].has_left(back) for back in lines):
            raise RefundAmountExceeded
        for back in lines:
            paid[back.line_id].refund(back)

    def _adds_up(self, amount: Money, lines: Sequence[RefundedLine]) -> bool:
        """Whether these lines, each once, are this amount, which is more than nothing."""
        currency = self.amount.currency
        return (
            {amount.currency, *(back.amount.currency for back in lines)} == {currency}
            and amount.amount > 0
            and all(back.amount.amount >= 0 and back.pieces >= 0 for back in lines)
            and len({back.line_id for back in lines}) == len(lines)
            and total((back.amount for back in lines), currency) == amount
        )
