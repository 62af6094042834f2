"""One order's share of a payment, and how much of it can be refunded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from payments.taking.model.lines import Line
from shared.contracts.payments import RefundedLine
from shared.errors import Conflict, NotFound
from shared.money import Money, total, zero


class OrderNotFound(NotFound):
    """This payment is not for that order."""

    code = "order_not_found"


class RefundAmountExceeded(Conflict):
    """The refund is more than is left of what was paid for the order, or for one of its lines."""

    code = "refund_amount_exceeded"


class RefundAmountInvalid(Conflict):
    """A refund is above zero, in the currency of the payment, and the sum of its amounts by line."""

    code = "refund_amount_invalid"


@dataclass(eq=False, kw_only=True)
class Part:
    """One order's share of a payment: `amount` is payable for its `lines`. At any time

    receivable + captured + written_off ≤ amount      (equal once it is booked or captured)
    refunded ≤ captured

    and of each line, refunded ≤ paid.
    """

    order_id: UUID
    shop_id: UUID
    amount: Money
    receivable: Money  # to be collected on delivery
    captured: Money  # kept
    refunded: Money  # refunded, or being refunded
    written_off: Money  # never collected and no longer receivable
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
        """Whether it is booked and nothing is receivable any more."""
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

    def write_off_receivable(self) -> Money:
        """Write off what is still receivable, and return it."""
        receivable, self.receivable = self.receivable, zero(self.amount.currency)
        self.written_off += receivable
        return receivable

    def write_off(self, amount: Money, lines: Sequence[RefundedLine]) -> None:
        """Reduce the receivable. Raises RefundAmountInvalid, RefundAmountExceeded, without a change."""
        self._refund_lines(amount, lines)
        self.receivable -= amount
        self.written_off += amount

    def refund(self, amount: Money, lines: Sequence[RefundedLine]) -> None:
        """Refund captured money. Raises RefundAmountInvalid, RefundAmountExceeded, without a change."""
        self._refund_lines(amount, lines)
        self.refunded += amount

    def _refund_lines(self, amount: Money, lines: Sequence[RefundedLine]) -> None:
        paid = {line.line_id: line for line in self.lines}
        if not self._adds_up(amount, lines) or not paid.keys() >= {back.line_id for back in lines}:
            raise RefundAmountInvalid
        if self.refundable < amount or not all(paid[back.line_id].has_left(back) for back in lines):
            raise RefundAmountExceeded
        for back in lines:
            paid[back.line_id].refund(back)

    def _adds_up(self, amount: Money, lines: Sequence[RefundedLine]) -> bool:
        """Whether these lines, each once, sum to this amount, which is above zero."""
        currency = self.amount.currency
        return (
            {amount.currency, *(back.amount.currency for back in lines)} == {currency}
            and amount.amount > 0
            and all(back.amount.amount >= 0 and back.pieces >= 0 for back in lines)
            and len({back.line_id for back in lines}) == len(lines)
            and total((back.amount for back in lines), currency) == amount
        )
