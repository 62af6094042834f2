"""Notices between the modules of this service, handled at once and in the same transaction.

    @reacts_to(ParcelSent)                           # aftersale, which imports fulfilment
    def appraise_requests(work, notice): ...

    notices.publish(work, ParcelSent(order=order))   # fulfilment, which does not import aftersale

A notice is defined in the lower of the two modules. The upper module also publishes notices where the decision
belongs to the lower one: aftersale publishes `PiecesRefunded`, and fulfilment decides what follows.

Use a notice for what another module must do before the transaction ends, and an event for what may happen later or
in another service.
"""

from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any, Any], None]
_REACTIONS: dict[type, list[Reaction]] = {}


class NoHandler(LookupError):
    """No reaction to the notice is registered: its module is not imported."""


def reacts_to(notice: type) -> Callable[[Reaction], Reaction]:
    """Register a use case, called with the work and the notice, as a reaction to it."""

    def register(reaction: Reaction) -> Reaction:
        _REACTIONS.setdefault(notice, []).append(reaction)
        return reaction

    return register


def publish(work: Any, notice: object) -> None:
    """Call all reactions to the notice, in the order of registration. Raises NoHandler."""
    reactions = _REACTIONS.get(type(notice))
    if not reactions:
        raise NoHandler(type(notice).__name__)
    for reaction in reactions:
        reaction(work, notice)
