"""Listing states of a product and their transitions. A transition to the present state is allowed."""

from enum import StrEnum

from shared.errors import Conflict


class Shelf(StrEnum):
    """Only products `on_shelf` are shown and sold. The platform sets `suspended`, the shop the other states."""

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
    """The present state does not allow this transition."""

    code = "transition_not_allowed"


def moved(present: Shelf, wanted: Shelf) -> Shelf:
    """The state after the transition. Raises TransitionNotAllowed."""
    if wanted is not present and wanted not in TRANSITIONS[present]:
        raise TransitionNotAllowed(f"{present} cannot become {wanted}", state=str(present), wanted=str(wanted))
    return wanted
