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


class UnknownUnidentified(NotFound):
    """There is no such unidentified money."""

    code = "unidentified_not_found"


class AlreadyResolved(Conflict):
    """This was assigned or sent back already."""

    code = "unidentified_resolved"


class DoesNotFit(Conflict):
    """What it shall be assigned to is of another amount, kind or state."""

    code = "assignment_does_not_fit"


@dataclass(eq=False, kw_only=True)
class Unidentified:
    """`number` is the merchant's for it, `provider_number` the provider's; `why` is a stable code."""

    unidentified_id: UUID
    kind: Kind
    why: str
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
        """An operator has seen to it. Raises AlreadyResolved."""
        if self.state is not State.OPEN:
            raise AlreadyResolved(state=str(self.state))
        self.state, self.resolved_at = to, now
