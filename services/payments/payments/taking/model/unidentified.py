"""Money that moved at a provider and that nothing of ours explains: an operator assigns it or sends it back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, NotFound
from shared.money import Money


class Kind(StrEnum):
    """Which way the money went."""

    RECEIPT = "receipt"
    REFUND = "refund"


class State(StrEnum):
    """What became of it."""

    OPEN = "open"
    ASSIGNED = "assigned"
    RETURNED = "returned"  # or, of a refund, written off


class Reason(StrEnum):
    """Why nothing of ours explains it."""

    ORDER_NOT_FOUND = "order_not_found"
    TRANSACTION_OF_ANOTHER_PAYMENT = "transaction_of_another_payment"
    ANOTHER_APP = "another_app"
    REFUND_NOT_FOUND = "refund_not_found"
    DIFFERS_FROM_OURS = "differs_from_ours"
    PAID_ALREADY = "paid_already"
    NOT_OWED = "not_owed"


class UnidentifiedMoneyNotFound(NotFound):
    """There is no such unidentified money."""

    code = "unidentified_money_not_found"


class UnidentifiedMoneyResolved(Conflict):
    """This was assigned or sent back already."""

    code = "unidentified_money_resolved"


class AssignmentMismatched(Conflict):
    """What it shall be assigned to is of another amount, kind or state."""

    code = "assignment_mismatched"


@dataclass(eq=False, kw_only=True)
class Unidentified:
    """`number` is the merchant's for it, `provider_number` the provider's."""

    unidentified_id: UUID
    kind: Kind
    why: Reason
    provider: str
    number: str
    out_trade_no: str
    provider_number: str
    amount: Money
    payer_total: Money | None = None  # of a receipt: what the payer himself paid of it
    happened_at: datetime
    booked_at: datetime
    state: State = State.OPEN
    resolved_at: datetime | None = None

    def resolve(self, to: State, now: datetime) -> None:
        """An operator has seen to it. Raises UnidentifiedMoneyResolved."""
        if self.state is not State.OPEN:
            raise UnidentifiedMoneyResolved(state=str(self.state))
        self.state, self.resolved_at = to, now
