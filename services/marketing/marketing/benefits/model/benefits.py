"""What one checkout does with its benefits: one row a checkout, whose state answers every repeated command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.errors import Conflict


class Transition(StrEnum):
    """What a checkout may do with its benefits."""

    HOLD = "hold"
    RELEASE = "release"
    REDEEM = "redeem"
    RESTORE = "restore"


class BenefitsState(StrEnum):
    """NONE is a checkout that was never heard of; RELEASED and RESTORED are final."""

    NONE = "none"
    REFUSED = "refused"
    HELD = "held"
    RELEASED = "released"
    REDEEMED = "redeemed"
    RESTORED = "restored"


class BenefitsNotReady(Conflict):
    """The command is out of order: the one that it follows has not come, or another one has."""

    code = "benefits_not_ready"


_S = BenefitsState

# What a move leads to, and from where. RELEASED out of NONE is the tombstone that a late hold runs into.
STEPS: dict[Transition, tuple[set[BenefitsState], BenefitsState]] = {
    Transition.HOLD: ({_S.NONE}, _S.HELD),
    Transition.RELEASE: ({_S.NONE, _S.REFUSED, _S.HELD}, _S.RELEASED),
    Transition.REDEEM: ({_S.HELD}, _S.REDEEMED),
    Transition.RESTORE: ({_S.NONE, _S.REFUSED, _S.REDEEMED}, _S.RESTORED),
}
# Where the same move is a repeated or late one: answered from the state, nothing done.
SETTLED: dict[Transition, set[BenefitsState]] = {
    Transition.HOLD: {_S.REFUSED, _S.HELD, _S.RELEASED, _S.REDEEMED, _S.RESTORED},
    Transition.RELEASE: {_S.RELEASED},
    Transition.REDEEM: {_S.REDEEMED, _S.RESTORED},
    Transition.RESTORE: {_S.RELEASED, _S.RESTORED},
}


class TransitionRefusal(StrEnum):
    """Why a move is out of order; the codes of the BenefitsMoveRefused event."""

    NOTHING_HELD = "nothing_held"
    NOT_REDEEMED = "not_redeemed"
    ALREADY_REDEEMED = "already_redeemed"


# What stands in the way of a move from any state that is in neither table. A hold is never out of order.
OUT_OF_ORDER: dict[Transition, TransitionRefusal] = {
    Transition.RELEASE: TransitionRefusal.ALREADY_REDEEMED,
    Transition.REDEEM: TransitionRefusal.NOTHING_HELD,
    Transition.RESTORE: TransitionRefusal.NOT_REDEEMED,
}


class HoldRefusal(StrEnum):
    """Why a benefit could not be held; the codes of the BenefitsRefused event."""

    TAKEN = "benefit_taken"
    EXPIRED = "benefit_expired"
    UNKNOWN = "benefit_not_found"


@dataclass(frozen=True, slots=True)
class Benefits:
    """The benefits of a checkout as a whole: which were `refused` for which `reason`, or which it `held`."""

    checkout_id: UUID
    state: BenefitsState = BenefitsState.NONE
    reason: HoldRefusal | None = None
    refused: tuple[Any, ...] = ()
    held: tuple[Any, ...] = ()

    def hold(self, wanted: Iterable[Any], refusals: Mapping[Any, HoldRefusal]) -> "Benefits":
        """Held, if nothing stands in the way of any of them; else refused, all of them."""
        if refusals:
            reason = next(iter(refusals.values()))
            return replace(self, state=BenefitsState.REFUSED, reason=reason, refused=tuple(refusals))
        return replace(self, state=STEPS[Transition.HOLD][1], held=tuple(dict.fromkeys(wanted)))

    def after(self, move: Transition) -> "Benefits":
        """What `move` makes of it; the same, if it was made before. Raises BenefitsNotReady when out of order."""
        sources, target = STEPS[move]
        if self.state in sources:
            return replace(self, state=target)
        if self.state in SETTLED[move]:
            return self
        raise BenefitsNotReady(checkout_id=str(self.checkout_id), state=self.state, move=move)
