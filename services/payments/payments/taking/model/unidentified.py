"""Money that moved at a provider without a payment or refund to explain it; an operator assigns or returns it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, NotFound
from shared.money import Money


class Kind(StrEnum):
    """The direction of the money."""

    RECEIPT = "receipt"
    REFUND = "refund"


class State(StrEnum):
    """The state of unidentified money."""

    OPEN = "open"
    ASSIGNED = "assigned"
    RETURNED = "returned"  # or, of a refund, written off


class Reason(StrEnum):
    """Why no payment or refund explains it."""

    ORDER_NOT_FOUND = "order_not_found"
    TRANSACTION_OF_ANOTHER_PAYMENT = "transaction_of_another_payment"
    ANOTHER_APP = "another_app"
    REFUND_NOT_FOUND = "refund_not_found"
    DIFFERS_FROM_OURS = "differs_from_ours"
    PAID_ALREADY = "paid_already"
    NOT_PAYABLE = "not_payable"


class UnidentifiedMoneyNotFound(NotFound):
    """There is no such unidentified money."""

    code = "unidentified_money_not_found"


class UnidentifiedMoneyResolved(Conflict):
    """This money was already assigned or returned."""

    code = "unidentified_money_resolved"


class AssignmentMismatched(Conflict):
    """The target of the assignment has another amount, kind or state."""

    code = "assignment_mismatched"


@dataclass(eq=False, kw_only=True)
class Unidentified:
    """Unidentified money; `number` is the merchant's number for it, `provider_number` the provider's."""

    unidentified_id: UUID
    kind: Kind
    why: Reason
    provider: str
    number: str
    out_trade_no: str
    provider_number: str
    amount: Money
    payer_total: Money | None = None  # of a receipt: the part that the payer paid
    happened_at: datetime
    booked_at: datetime
    state: State = State.OPEN
    resolved_at: datetime | None = None

    def resolve(self, to: State, now: datetime) -> None:
        """Record how an operator resolved it. Raises UnidentifiedMoneyResolved."""
        if self.state is not State.OPEN:
            raise UnidentifiedMoneyResolved(state=str(self.state))
        self.state, self.resolved_at = to, now
