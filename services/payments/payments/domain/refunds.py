"""A refund, from the wish to the money's arrival."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payments.domain.payment import Tender, WrongMove
from shared.money import Money


class RefundState(StrEnum):
    """Where a refund is."""

    ASKED = "asked"  # the provider has not taken it yet
    PROCESSING = "processing"  # the provider has it
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # for good; no money moved


MOVES: Mapping[RefundState, frozenset[RefundState]] = {
    RefundState.ASKED: frozenset({RefundState.PROCESSING, RefundState.SUCCEEDED, RefundState.FAILED}),
    RefundState.PROCESSING: frozenset({RefundState.SUCCEEDED, RefundState.FAILED}),
    RefundState.SUCCEEDED: frozenset(),
    RefundState.FAILED: frozenset(),
}


@dataclass(eq=False, kw_only=True)
class Refund:
    """Money on its way back: of an order (`order_id`), or of a capture that was not kept (`capture_id`)."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID | None
    capture_id: UUID | None
    amount: Money
    tender: Tender
    asked_at: datetime
    state: RefundState = RefundState.ASKED
    reason: str = ""
    failure: str | None = None

    @property
    def decided(self) -> bool:
        return not MOVES[self.state]

    def move(self, to: RefundState) -> bool:
        """Go to a state and say whether that was news; a wrong move raises WrongMove."""
        if to is self.state:
            return False
        if to not in MOVES[self.state]:
            raise WrongMove(f"refund {self.state} → {to}")
        self.state = to
        return True
