"""A refund, from the command to its arrival, and the attempts to have a provider carry it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payments.ledger.front import Tender
from shared.contracts.payments import RefundedLine
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.money import Money


class RefundNotFound(NotFound):
    """There is no such refund."""

    code = "refund_not_found"


class RefundTransitionNotAllowed(Conflict):
    """A refund in this state cannot change to the requested one."""

    code = "transition_not_allowed"


class RefundDecided(Conflict):
    """This refund is not payable: it has arrived, or was not accepted."""

    code = "refund_decided"


class RefundInProgress(Conflict):
    """The provider carries this refund out, or may do so: the money could be refunded twice."""

    code = "refund_in_progress"


class RefundReported(Conflict):
    """The provider has reported this refund as unidentified money: assign that to it."""

    code = "refund_reported"


class RefundState(StrEnum):
    """The state of a refund."""

    REQUESTED = "requested"  # payable; the provider has not accepted it yet
    PROCESSING = "processing"  # payable; the provider has accepted it
    SUCCEEDED = "succeeded"
    SETTLED_BY_HAND = "settled_by_hand"  # an operator paid it another way
    FAILED = "failed"  # refused and not payable; requested again, it may be accepted


PAID = frozenset({RefundState.SUCCEEDED, RefundState.SETTLED_BY_HAND})
TRANSITIONS: Mapping[RefundState, frozenset[RefundState]] = {
    RefundState.REQUESTED: frozenset({RefundState.PROCESSING, *PAID}),
    RefundState.PROCESSING: frozenset(
        {RefundState.REQUESTED, *PAID}
    ),  # to requested: the provider closed it, and a new attempt follows
    RefundState.SUCCEEDED: frozenset(),
    RefundState.SETTLED_BY_HAND: frozenset(),
    RefundState.FAILED: frozenset(),
}


class AttemptState(StrEnum):
    """The state of one attempt at the provider."""

    REQUESTED = "requested"  # not known to be accepted: the same number is retried until it is
    PROCESSING = "processing"
    ABNORMAL = "abnormal"  # not over: an operator has to act at the provider
    CLOSED = "closed"  # confirmed by a query: no money moved, and a new number may be used
    SUCCEEDED = "succeeded"


class StallReason(StrEnum):
    """Why a refund is stalled and needs an operator."""

    TO_BE_CONFIRMED = "to_be_confirmed"  # settled by hand, but only by one operator yet
    DIFFERS_FROM_OURS = "differs_from_ours"  # our number belongs to something else at the provider
    ABNORMAL = "abnormal"
    NOT_SUPPORTED = "not_supported"  # the provider cannot make such a refund
    CLOSED_REPEATEDLY = "closed_repeatedly"
    REFUSED = "refused"  # for hours
    SLOW = "slow"  # for a week


OVER = frozenset({AttemptState.CLOSED, AttemptState.SUCCEEDED})


@dataclass(eq=False, kw_only=True)
class Refund:
    """A refund of an order (`order_id`) and its lines, or of a capture that was not kept (`capture_id`).

    The lines add up to the amount; the refund of a capture has none.
    """

    refund_id: UUID
    payment_id: UUID
    order_id: UUID | None
    capture_id: UUID | None
    amount: Money
    tender: Tender
    requested_at: datetime
    state: RefundState = RefundState.REQUESTED
    reason: str = ""
    failure: str | None = None
    lines: tuple[RefundedLine, ...] = ()

    @property
    def decided(self) -> bool:
        return not TRANSITIONS[self.state]

    def refuse(self, why: str, now: datetime) -> None:
        """Refuse it by our own rules; it is decided again when it is requested again."""
        self.state, self.failure, self.requested_at = RefundState.FAILED, why, now

    def accept(self, tender: Tender, now: datetime) -> None:
        """Make it payable, also if it was refused before."""
        self.state, self.failure, self.tender, self.requested_at = RefundState.REQUESTED, None, tender, now

    def move(self, to: RefundState) -> bool:
        """Change the state; returns whether it was another. Raises RefundTransitionNotAllowed."""
        if to is self.state:
            return False
        if to not in TRANSITIONS[self.state]:
            raise RefundTransitionNotAllowed(f"refund {self.state} → {to}")
        self.state = to
        return True


@dataclass(eq=False, kw_only=True)
class Attempt:
    """One number under which a refund is requested from the provider; the first one is the refund's own id.

    `result` is the provider's last one, a state or a failure. `stalled_since` is since when it makes no progress,
    `unanswered_since` since when the provider may have it and has not returned its state. `provider_number` is the
    provider's number for it, once it has one.
    """

    attempt_id: UUID
    refund_id: UUID
    position: int
    requested_at: datetime
    state: AttemptState = AttemptState.REQUESTED
    result: str | None = None
    stalled_since: datetime | None = None
    unanswered_since: datetime | None = None
    provider_number: str | None = None

    @classmethod
    def first(cls, refund: Refund, now: datetime) -> "Attempt":
        return cls(attempt_id=refund.refund_id, refund_id=refund.refund_id, position=1, requested_at=now)

    def next(self, now: datetime) -> "Attempt":
        """The attempt that follows one which the provider closed."""
        return Attempt(attempt_id=new_id(), refund_id=self.refund_id, position=self.position + 1, requested_at=now)

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    def stall(self, result: str, now: datetime) -> None:
        """Record that the provider refused it or did not respond."""
        self.result, self.stalled_since = result, self.stalled_since or now

    def mark_unanswered(self, now: datetime) -> None:
        """Record that the provider may have it and has not returned its state."""
        self.unanswered_since = self.unanswered_since or now

    def mark_answered(self) -> None:
        """Record that the provider has returned its state, or that it has no such refund."""
        self.unanswered_since = None

    def is_unanswered_since(self, then: datetime) -> bool:
        return self.unanswered_since is not None and self.unanswered_since <= then

    def move(self, to: AttemptState, now: datetime) -> None:
        """Take over the state at the provider."""
        self.state, self.result = to, to.value
        self.stalled_since = (self.stalled_since or now) if to is AttemptState.ABNORMAL else None
