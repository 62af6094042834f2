"""Where a product can stand, and which moves there are. A repeated move is harmless, a wrong one raises."""

from enum import StrEnum

from shared.errors import Conflict


class Shelf(StrEnum):
    """Only what is `on_shelf` is shown and sold. `suspended` is the platform's doing, the others the shop's."""

    DRAFT = "draft"
    ON_SHELF = "on_shelf"
    OFF_SHELF = "off_shelf"
    SUSPENDED = "suspended"


TRANSITIONS: dict[Shelf, frozenset[Shelf]] = {
    Shelf.DRAFT: frozenset({Shelf.ON_SHELF, Shelf.OFF_SHELF}),
    Shelf.ON_SHELF: frozenset({Shelf.OFF_SHELF, Shelf.SUSPENDED}),
    Shelf.OFF_SHELF: frozenset({Shelf.ON_SHELF}),
    Shelf.SUSPENDED: frozenset({Shelf.ON_SHELF, Shelf.OFF_SHELF}),
}


class TransitionNotAllowed(Conflict):
    """That cannot be done in the present state."""

    code = "transition_not_allowed"


def moved(present: Shelf, wanted: Shelf) -> Shelf:
    """The state after the move; raise TransitionNotAllowed when there is no such move."""
    if wanted is not present and wanted not in TRANSITIONS[present]:
        raise TransitionNotAllowed(f"{present} cannot become {wanted}", state=str(present), wanted=str(wanted))
    return wanted
