"""The benefits of one checkout: one row per checkout, whose state gives the reply to a repeated command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.errors import Conflict


class Transition(StrEnum):
    """What commands do to the benefits of a checkout."""

    HOLD = "hold"
    RELEASE = "release"
    REDEEM = "redeem"
    RESTORE = "restore"


class BenefitsState(StrEnum):
    """NONE is an unknown checkout; RELEASED and RESTORED are final."""

    NONE = "none"
    REFUSED = "refused"
    HELD = "held"
    RELEASED = "released"
    REDEEMED = "redeemed"
    RESTORED = "restored"


class BenefitsNotReady(Conflict):
    """The command is out of order: one that it must follow was not handled yet, or another was."""

    code = "benefits_not_ready"


_S = BenefitsState

# Each transition's source states and its target. RELEASED from NONE is the tombstone that refuses a late hold.
STEPS: dict[Transition, tuple[set[BenefitsState], BenefitsState]] = {
    Transition.HOLD: ({_S.NONE}, _S.HELD),
    Transition.RELEASE: ({_S.NONE, _S.REFUSED, _S.HELD}, _S.RELEASED),
    Transition.REDEEM: ({_S.HELD}, _S.REDEEMED),
    Transition.RESTORE: ({_S.NONE, _S.REFUSED, _S.REDEEMED}, _S.RESTORED),
}
# States in which the transition is repeated or late: nothing is done, and the state gives the reply.
SETTLED: dict[Transition, set[BenefitsState]] = {
    Transition.HOLD: {_S.REFUSED, _S.HELD, _S.RELEASED, _S.REDEEMED, _S.RESTORED},
    Transition.RELEASE: {_S.RELEASED},
    Transition.REDEEM: {_S.REDEEMED, _S.RESTORED},
    Transition.RESTORE: {_S.RELEASED, _S.RESTORED},
}


class TransitionRefusal(StrEnum):
    """Why a transition is out of order; the codes of the reply BenefitsTransitionRefused."""

    NOTHING_HELD = "nothing_held"
    NOT_REDEEMED = "not_redeemed"
    ALREADY_REDEEMED = "already_redeemed"


# Why a transition is refused from a state that is in neither table. A hold is never out of order.
OUT_OF_ORDER: dict[Transition, TransitionRefusal] = {
    Transition.RELEASE: TransitionRefusal.ALREADY_REDEEMED,
    Transition.REDEEM: TransitionRefusal.NOTHING_HELD,
    Transition.RESTORE: TransitionRefusal.NOT_REDEEMED,
}


class HoldRefusal(StrEnum):
    """Why a benefit could not be held; codes of the event BenefitsRefused."""

    TAKEN = "benefit_taken"
    EXPIRED = "benefit_expired"
    UNKNOWN = "benefit_not_found"


@dataclass(frozen=True, slots=True)
class Benefits:
    """The benefits of a checkout: which were `refused` and the `reason`, or which it `held`."""

    checkout_id: UUID
    state: BenefitsState = BenefitsState.NONE
    reason: HoldRefusal | None = None
    refused: tuple[Any, ...] = ()
    held: tuple[Any, ...] = ()

    def hold(self, wanted: Iterable[Any], refusals: Mapping[Any, HoldRefusal]) -> "Benefits":
        """Held if `refusals` is empty; else all are refused."""
        if refusals:
            reason = next(iter(refusals.values()))
            return replace(self, state=BenefitsState.REFUSED, reason=reason, refused=tuple(refusals))
        return replace(self, state=STEPS[Transition.HOLD][1], held=tuple(dict.fromkeys(wanted)))

    def after(self, move: Transition) -> "Benefits":
        """The benefits after `move`, unchanged if it is repeated. Raises BenefitsNotReady if out of order."""
        sources, target = STEPS[move]
        if self.state in sources:
            return replace(self, state=target)
        if self.state in SETTLED[move]:
            return self
        raise BenefitsNotReady(checkout_id=str(self.checkout_id), state=self.state, move=move)
