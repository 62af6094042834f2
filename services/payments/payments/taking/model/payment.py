"""A payment, and the one place where it is decided what becomes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payments.ledger.front import Tender
from payments.providers.front import Collection
from payments.taking.model.parts import OrderNotFound, Part
from shared.contracts.payments import RefundedLine
from shared.contracts.payments.events import PaymentReason
from shared.contracts.payments.pay_actions import NoAction, PayAction
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.money import Money, total


class State(StrEnum):
    """Where a payment is."""

    OPENING = "opening"  # asked for; the provider has not answered yet
    OPEN = "open"  # can be paid, or cash will be taken at the door
    CAPTURED = "captured"  # the money is kept
    CANCELLED = "cancelled"  # money that still comes goes back
    FAILED = "failed"  # never could be paid; money that comes all the same goes back


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.OPENING: frozenset({State.OPEN, State.CAPTURED, State.CANCELLED, State.FAILED}),
    State.OPEN: frozenset({State.CAPTURED, State.CANCELLED}),
    State.CAPTURED: frozenset(),
    State.CANCELLED: frozenset(),
    State.FAILED: frozenset(),
}


class Standing(StrEnum):
    """What became of money that came in."""

    KEPT = "kept"
    RETURNED = "returned"


class PaymentNotFound(NotFound):
    """There is no such payment."""

    code = "payment_not_found"


class TransitionNotAllowed(Conflict):
    """A payment cannot go there from where it is."""

    code = "transition_not_allowed"


class PaymentUnpaid(Conflict):
    """Nothing was paid, so nothing can go back."""

    code = "payment_unpaid"


@dataclass(eq=False, kw_only=True)
class Payment:
    """What one checkout pays, shared out over its orders. `reason` says why it was cancelled or failed.

    `method` is how the shopper chose to pay; `provider` took it over when it was opened, and keeps it.
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
        """Whether nothing that comes later can change what became of it."""
        return not TRANSITIONS[self.state]

    @property
    def prepaid(self) -> bool:
        return self.collection is Collection.PREPAID

    @property
    def taken(self) -> Money:
        """All money that was kept, whether or not some of it went back since."""
        return self._sum(part.captured for part in self.parts)

    @property
    def receivable(self) -> Money:
        """Cash that is still to be taken at the door."""
        return self._sum(part.receivable for part in self.parts)

    def part(self, order_id: UUID) -> Part:
        """The share of one order; raises OrderNotFound."""
        for part in self.parts:
            if part.order_id == order_id:
                return part
        raise OrderNotFound

    def move(self, to: State) -> None:
        """Go to a state; going where it is already is harmless, a wrong move raises TransitionNotAllowed."""
        if to is self.state:
            return
        if to not in TRANSITIONS[self.state]:
            raise TransitionNotAllowed(f"{self.state} → {to}")
        self.state = to

    def begin(self, now: datetime) -> None:
        """Make ready what this way to pay needs: an attempt at the provider, cash at delivery, or nothing."""
        if self.collection is Collection.PREPAID:
            self.attempt_id = new_id()
        elif self.collection is Collection.AT_DELIVERY:
            self.open(NoAction())
        else:
            self.capture(now)

    def open(self, pay_action: PayAction) -> None:
        """It can be paid now, by doing this."""
        self.move(State.OPEN)
        self.pay_action = pay_action

    def fail(self, reason: PaymentReason) -> None:
        self.move(State.FAILED)
        self.reason = reason

    def cancel(self, reason: PaymentReason) -> None:
        """Nothing will be taken any more. Cash that was still owed is written off by the caller first."""
        self.move(State.CANCELLED)
        self.reason = reason

    def standing_of(self, attempt_id: UUID, money: Money) -> Standing:
        """Decide whether money is kept: the right sum, by the attempt that is open, before any other decision."""
        wanted = not self.decided and attempt_id == self.attempt_id and money == self.amount
        return Standing.KEPT if wanted else Standing.RETURNED

    def capture(self, at: datetime) -> None:
        """The whole sum came in and is kept."""
        self.move(State.CAPTURED)
        self.captured_at = at
        for part in self.parts:
            part.capture()

    def book(self, order_id: UUID) -> Money:
        """An order to be paid at the door is confirmed: return what is owed from now on, once."""
        return self.part(order_id).book()

    def take_cash(self, order_id: UUID, at: datetime) -> Money:
        """The order arrived: return the cash that was taken, nothing if nothing was owed any more."""
        taken = self.part(order_id).take_cash()
        if taken:
            self.captured_at = at
        self._close_the_door()
        return taken

    def refund(self, order_id: UUID, amount: Money, lines: Sequence[RefundedLine]) -> Tender:
        """Send money of an order's lines back, together `amount`.

        A Refusal (PaymentUnpaid, RefundAmountExceeded, …) changes nothing.
        """
        part = self.part(order_id)
        if part.receivable:
            part.write_off(amount, lines)
            self._close_the_door()
            return Tender.RECEIVABLE
        if not part.captured:
            raise PaymentUnpaid
        part.refund(amount, lines)
        return Tender.PROVIDER if self.prepaid else Tender.CASH

    def write_off(self) -> list[tuple[Part, Money]]:
        """Give up the cash that is still owed, part by part."""
        return [(part, part.give_up()) for part in self.parts if part.receivable]

    def _close_the_door(self) -> None:
        if self.decided or not all(part.settled for part in self.parts):
            return
        if self.taken:
            self.move(State.CAPTURED)
        else:
            self.cancel(PaymentReason.WRITTEN_OFF)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return total(amounts, self.amount.currency)
