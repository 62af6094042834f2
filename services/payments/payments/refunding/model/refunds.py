"""A refund, from the command to the money's arrival, and the attempts to have a provider carry it out."""

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
    """A refund cannot go there from where it is."""

    code = "transition_not_allowed"


class RefundDecided(Conflict):
    """Nothing is owed of this refund: it has arrived, or was never accepted."""

    code = "refund_decided"


class RefundInProgress(Conflict):
    """The provider has this refund and carries it out, or may have it: the money would go back twice."""

    code = "refund_in_progress"


class RefundReported(Conflict):
    """The provider has reported this as a refund that nothing explains: assign that one."""

    code = "refund_reported"


class RefundState(StrEnum):
    """Where a refund is."""

    REQUESTED = "requested"  # owed; the provider has not taken it yet
    PROCESSING = "processing"  # owed; the provider has it
    SUCCEEDED = "succeeded"
    SETTLED_BY_HAND = "settled_by_hand"  # a person sent the money another way
    FAILED = "failed"  # refused; it is not owed, unless it is asked for again and judged otherwise


PAID = frozenset({RefundState.SUCCEEDED, RefundState.SETTLED_BY_HAND})
TRANSITIONS: Mapping[RefundState, frozenset[RefundState]] = {
    RefundState.REQUESTED: frozenset({RefundState.PROCESSING, *PAID}),
    RefundState.PROCESSING: frozenset({RefundState.REQUESTED, *PAID}),  # closed by the provider: it is asked anew
    RefundState.SUCCEEDED: frozenset(),
    RefundState.SETTLED_BY_HAND: frozenset(),
    RefundState.FAILED: frozenset(),
}


class AttemptState(StrEnum):
    """How one attempt stands at the provider."""

    REQUESTED = "requested"  # not taken, as far as we know: the same number is tried until it is
    PROCESSING = "processing"
    ABNORMAL = "abnormal"  # alive: a person helps it along at the provider
    CLOSED = "closed"  # a query said so; no money moved, and a new number may be used
    SUCCEEDED = "succeeded"


class StallReason(StrEnum):
    """Why a refund needs a person."""

    TO_BE_CONFIRMED = "to_be_confirmed"  # settled by hand, so far by one operator only
    DIFFERS_FROM_OURS = "differs_from_ours"  # our number stands for something else at the provider
    ABNORMAL = "abnormal"
    NOT_SUPPORTED = "not_supported"  # this provider sends no such refund back
    CLOSED_REPEATEDLY = "closed_repeatedly"
    REFUSED = "refused"  # for hours
    SLOW = "slow"  # for a week


OVER = frozenset({AttemptState.CLOSED, AttemptState.SUCCEEDED})


@dataclass(eq=False, kw_only=True)
class Refund:
    """Money on its way back: of an order (`order_id`) and its lines, or of a capture that was not kept.

    The lines add up to the amount; money of a capture (`capture_id`) has none.
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
        """It is not owed, by our own rules; asked for again, it is judged again."""
        self.state, self.failure, self.requested_at = RefundState.FAILED, why, now

    def owe(self, tender: Tender, now: datetime) -> None:
        """It is owed from now on, also if it was refused before, or if a provider once had the last word."""
        self.state, self.failure, self.tender, self.requested_at = RefundState.REQUESTED, None, tender, now

    def move(self, to: RefundState) -> bool:
        """Go to a state and say whether that was news; a wrong move raises RefundTransitionNotAllowed."""
        if to is self.state:
            return False
        if to not in TRANSITIONS[self.state]:
            raise RefundTransitionNotAllowed(f"refund {self.state} → {to}")
        self.state = to
        return True


@dataclass(eq=False, kw_only=True)
class Attempt:
    """One number under which a provider is asked for a refund: the first one's is the refund's own id.

    `word` is the last thing the provider said to it; `stalled_since` is since when it has not got on;
    `unanswered_since` is since when the provider may have it and does not say how it stands; `provider_number` is
    the provider's own number of it, once it has one.
    """

    attempt_id: UUID
    refund_id: UUID
    position: int
    requested_at: datetime
    state: AttemptState = AttemptState.REQUESTED
    word: str | None = None
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

    def stall(self, word: str, now: datetime) -> None:
        """The provider said no, or nothing."""
        self.word, self.stalled_since = word, self.stalled_since or now

    def doubt(self, now: datetime) -> None:
        """The provider may have it and does not say."""
        self.unanswered_since = self.unanswered_since or now

    def answered(self) -> None:
        """The provider has said how it stands, or that it has none."""
        self.unanswered_since = None

    def is_unanswered_since(self, then: datetime) -> bool:
        return self.unanswered_since is not None and self.unanswered_since <= then

    def move(self, to: AttemptState, now: datetime) -> None:
        """Stand where the provider says that it stands."""
        self.state, self.word = to, to.value
        self.stalled_since = (self.stalled_since or now) if to is AttemptState.ABNORMAL else None
