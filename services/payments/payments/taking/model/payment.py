"""A payment, and the rules that decide its outcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payments.ledger.front import Tender
from payments.providers.front import Collection
from payments.taking.model.parts import OrderNotFound, Part
from shared.contracts.payments import RefundedLine
from shared.contracts.payments.codes import PaymentReason
from shared.contracts.payments.pay_actions import NoAction, PayAction
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.money import Money, total


class State(StrEnum):
    """The state of a payment."""

    OPENING = "opening"  # requested; the provider has not replied yet
    OPEN = "open"  # can be paid, or cash will be collected on delivery
    CAPTURED = "captured"  # the money is kept
    CANCELLED = "cancelled"  # money that is still received is refunded
    FAILED = "failed"  # could never be paid; money that is received nevertheless is refunded


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.OPENING: frozenset({State.OPEN, State.CAPTURED, State.CANCELLED, State.FAILED}),
    State.OPEN: frozenset({State.CAPTURED, State.CANCELLED}),
    State.CAPTURED: frozenset(),
    State.CANCELLED: frozenset(),
    State.FAILED: frozenset(),
}


class Standing(StrEnum):
    """Whether received money is kept."""

    KEPT = "kept"
    RETURNED = "returned"


class PaymentNotFound(NotFound):
    """There is no such payment."""

    code = "payment_not_found"


class TransitionNotAllowed(Conflict):
    """A payment in this state cannot change to the requested one."""

    code = "transition_not_allowed"


class PaymentUnpaid(Conflict):
    """Nothing was paid, so nothing can be refunded."""

    code = "payment_unpaid"


@dataclass(eq=False, kw_only=True)
class Payment:
    """The payment of one checkout, with a part for each order. `reason` is why it was cancelled or failed.

    `method` is the payment method that the shopper chose; `provider` is fixed when the payment is opened.
    """

    payment_id: UUID
    checkout_id: UUID
    buyer_id: UUID | None
    method: str
    provider: str
    collection: Collection
    amount: Money
    description: str
    expires_at: datetime
    created_at: datetime
    state: State = State.OPENING
    attempt_id: UUID | None = None
    pay_action: PayAction = field(default_factory=NoAction)
    captured_at: datetime | None = None
    reason: PaymentReason | None = None
    version: int = 1
    parts: list[Part] = field(default_factory=list)

    @property
    def decided(self) -> bool:
        """Whether its state is final."""
        return not TRANSITIONS[self.state]

    @property
    def prepaid(self) -> bool:
        return self.collection is Collection.PREPAID

    @property
    def taken(self) -> Money:
        """All money that was kept, including what was refunded since."""
        return self._sum(part.captured for part in self.parts)

    @property
    def receivable(self) -> Money:
        """Cash that is still to be collected on delivery."""
        return self._sum(part.receivable for part in self.parts)

    def part(self, order_id: UUID) -> Part:
        """The part of one order. Raises OrderNotFound."""
        for part in self.parts:
            if part.order_id == order_id:
                return part
        raise OrderNotFound

    def move(self, to: State) -> None:
        """Change the state; the current one is allowed. Raises TransitionNotAllowed."""
        if to is self.state:
            return
        if to not in TRANSITIONS[self.state]:
            raise TransitionNotAllowed(f"{self.state} → {to}")
        self.state = to

    def begin(self, now: datetime) -> None:
        """Start the payment: with an attempt at the provider, as cash on delivery, or captured if it is zero."""
        if self.collection is Collection.PREPAID:
            self.attempt_id = new_id()
        elif self.collection is Collection.AT_DELIVERY:
            self.open(NoAction())
        else:
            self.capture(now)

    def open(self, pay_action: PayAction) -> None:
        """Make it payable by this action."""
        self.move(State.OPEN)
        self.pay_action = pay_action

    def fail(self, reason: PaymentReason) -> None:
        self.move(State.FAILED)
        self.reason = reason

    def cancel(self, reason: PaymentReason) -> None:
        """Cancel it. The caller has written off any cash that is still receivable."""
        self.move(State.CANCELLED)
        self.reason = reason

    def standing_of(self, attempt_id: UUID, money: Money) -> Standing:
        """Decide whether money is kept: the right amount, by the open attempt, before the state is final."""
        wanted = not self.decided and attempt_id == self.attempt_id and money == self.amount
        return Standing.KEPT if wanted else Standing.RETURNED

    def capture(self, at: datetime) -> None:
        """Record that the whole amount was received and is kept."""
        self.move(State.CAPTURED)
        self.captured_at = at
        for part in self.parts:
            part.capture()

    def book(self, order_id: UUID) -> Money:
        """Record that a cash-on-delivery order is confirmed; returns the new receivable, zero if repeated."""
        return self.part(order_id).book()

    def take_cash(self, order_id: UUID, at: datetime) -> Money:
        """Record that the order was delivered; returns the cash collected, zero if nothing was receivable."""
        taken = self.part(order_id).take_cash()
        if taken:
            self.captured_at = at
        self._close_if_settled()
        return taken

    def refund(self, order_id: UUID, amount: Money, lines: Sequence[RefundedLine]) -> Tender:
        """Refund lines of an order, together `amount`; returns how the refund is paid.

        A Refusal (PaymentUnpaid, RefundAmountExceeded, …) changes nothing.
        """
        part = self.part(order_id)
        if part.receivable:
            part.write_off(amount, lines)
            self._close_if_settled()
            return Tender.RECEIVABLE
        if not part.captured:
            raise PaymentUnpaid
        part.refund(amount, lines)
        return Tender.PROVIDER if self.prepaid else Tender.CASH

    def write_off(self) -> list[tuple[Part, Money]]:
        """Write off the cash that is still receivable; returns the amount of each part."""
        return [(part, part.write_off_receivable()) for part in self.parts if part.receivable]

    def _close_if_settled(self) -> None:
        if self.decided or not all(part.settled for part in self.parts):
            return
        if self.taken:
            self.move(State.CAPTURED)
        else:
            self.cancel(PaymentReason.WRITTEN_OFF)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return total(amounts, self.amount.currency)
