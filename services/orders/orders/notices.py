"""What a module publishes inside the service, for others to act on: in the same transaction, when it happens.

    @reacts_to(ParcelSent)                        # aftersale, which knows fulfilment
    def appraise_requests(work, notice): ...

    notices.publish(work, ParcelSent(order=order))   # fulfilment, which knows nothing of aftersale

A notice is defined in the lower of the two modules. The upper one tells the lower one by a notice, too, where the
decision is the lower one's: of `PiecesRefunded`, which aftersale publishes, fulfilment makes what it means.

For what one module of the service must do because of another one, before the transaction ends; what may come
later, or concerns another service, is an event.
"""

from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any, Any], None]
_REACTIONS: dict[type, list[Reaction]] = {}


class NoHandler(LookupError):
    """The module that has to do its part is not a part of this process."""


def reacts_to(notice: type) -> Callable[[Reaction], Reaction]:
    """Let a use case, given the work and the notice, follow from it, beside those registered before."""

    def register(reaction: Reaction) -> Reaction:
        _REACTIONS.setdefault(notice, []).append(reaction)
        return reaction

    return register


def publish(work: Any, notice: object) -> None:
    """Have done all that follows from the notice, in the order of registration. Raises NobodyReacts."""
    reactions = _REACTIONS.get(type(notice))
    if not reactions:
        raise NoHandler(type(notice).__name__)
    for reaction in reactions:
        reaction(work, notice)
