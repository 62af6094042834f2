"""The claim of a checkout on stock. Its decision is stored, and repeated commands get the same reply."""

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
    """The states of a claim. `released` is also the tombstone for a release that came before its reservation."""

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
    """The present state of the claim does not allow this transition."""

    code = "claim_transition_not_allowed"


@dataclass(eq=False, kw_only=True)
class Claim:
    """The decision for a checkout, with the reason and the shortages if it was refused."""

    checkout_id: UUID
    state: ClaimState = ClaimState.UNDECIDED
    reason: Reason | None = None
    shortages: tuple[Shortage, ...] = ()

    def reserve(self, lines: Iterable[Line], levels: Mapping[UUID, Level], holder: Holder | None = None) -> None:
        """Reserve all lines, or refuse them all. The demand for a SKU is the sum of its lines.

        If `holder` is given, it also limits the units of each SKU.
        """
        needed = demand(lines)
        found = list(missing(needed, levels)) or (list(holder.shortages(needed, levels)) if holder else [])
        if found:
            unlisted = any(shortage.reason is Reason.OFF_SHELF for shortage in found)
            self.refuse(Reason.OFF_SHELF if unlisted else found[0].reason, found)
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
        """Release the reserved units; False if the claim was released or committed before."""
        if self.state in (ClaimState.RELEASED, ClaimState.COMMITTED):
            return False  # committed units have left the stock: none of them are reserved
        self.state = _next(self.state, ClaimState.RELEASED)
        for line in held:
            levels[line.sku_id].release(line.quantity)
        return True

    def commit(self, held: Iterable[Line], levels: Mapping[UUID, Level]) -> bool:
        """Remove the reserved units from the stock; False unless the claim is reserved."""
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
