"""A checkout has one claim on stock; what was decided for it once is what it is told ever after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from catalog.stock.model.holding import Holder
from catalog.stock.model.levels import Level
from catalog.stock.model.lines import Line, demand
from catalog.stock.model.shortages import Reason, Shortage, missing
from shared.errors import Conflict


class ClaimState(StrEnum):
    """The life of a checkout's claim. `released` is also the tombstone of one that was never made."""

    UNDECIDED = "undecided"
    RESERVED = "reserved"
    REFUSED = "refused"
    RELEASED = "released"
    COMMITTED = "committed"


C = ClaimState
CLAIM_TRANSITIONS: dict[ClaimState, frozenset[ClaimState]] = {
    C.UNDECIDED: frozenset({C.RESERVED, C.REFUSED, C.RELEASED}),
    C.RESERVED: frozenset({C.RELEASED, C.COMMITTED}),
    C.REFUSED: frozenset({C.RELEASED}),
    C.RELEASED: frozenset(),
    C.COMMITTED: frozenset(),
}


class ClaimTransitionNotAllowed(Conflict):
    """What was decided for a checkout is decided anew."""

    code = "claim_transition_not_allowed"


@dataclass(eq=False, kw_only=True)
class Claim:
    """What was decided for a checkout, and what was in the way if it was refused."""

    checkout_id: UUID
    state: ClaimState = ClaimState.UNDECIDED
    reason: Reason | None = None
    shortages: tuple[Shortage, ...] = ()

    def reserve(self, lines: Iterable[Line], levels: Mapping[UUID, Level], holder: Holder | None = None) -> None:
        """Set all lines aside, or none: the demand of a SKU is the sum over its lines.

        A known `holder` may hold only a share of each SKU's stock.
        """
        needed = demand(lines)
        found = list(missing(needed, levels)) or (list(holder.shortages(needed, levels)) if holder else [])
        if found:
            gone = any(shortage.reason is Reason.OFF_SHELF for shortage in found)
            self.refuse(Reason.OFF_SHELF if gone else found[0].reason, found)
        else:
            self.state = _next(self.state, ClaimState.RESERVED)
            for sku, quantity in needed.items():
                levels[sku].reserve(quantity)
            if holder:
                holder.hold(needed)

    def refuse(self, reason: Reason, shortages: Iterable[Shortage] = ()) -> None:
        self.state = _next(self.state, ClaimState.REFUSED)
        self.reason, self.shortages = reason, tuple(shortages)

    def release(self, held: Iterable[Line], levels: Mapping[UUID, Level]) -> bool:
        """Let go what is held and remember it; False if there is nothing (more) to do."""
        if self.state in (ClaimState.RELEASED, ClaimState.COMMITTED):
            return False  # committed goods have left the stock: nothing of them is set aside
        self.state = _next(self.state, ClaimState.RELEASED)
        for line in held:
            levels[line.sku_id].release(line.quantity)
        return True

    def commit(self, held: Iterable[Line], levels: Mapping[UUID, Level]) -> bool:
        """Take what is held out of the stock; False if there is nothing (more) to take."""
        if self.state is not ClaimState.RESERVED:
            return False
        self.state = _next(self.state, ClaimState.COMMITTED)
        for line in held:
            levels[line.sku_id].commit(line.quantity)
        return True


def _next(present: ClaimState, wanted: ClaimState) -> ClaimState:
    if wanted not in CLAIM_TRANSITIONS[present]:
        raise ClaimTransitionNotAllowed(f"{present} cannot become {wanted}", state=str(present))
    return wanted
