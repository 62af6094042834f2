"""What a module tells those above it, which it does not import: in the same transaction, when it happens.

    @reacts_to(ParcelSent)                        # aftersale, which knows fulfilment
    def appraise_requests(work, notice): ...

    notices.tell(work, ParcelSent(order=order))   # fulfilment, which knows nothing of aftersale

For what one module of the service must do because of another one, before the transaction ends; what may come
later, or concerns another service, is an event.
"""

from collections.abc import Callable
from typing import Any

Reaction = Callable[[Any, Any], None]
_REACTIONS: dict[type, Reaction] = {}


class NobodyReacts(LookupError):
    """The module that has to do its part is not a part of this process."""


def reacts_to(notice: type) -> Callable[[Reaction], Reaction]:
    """Let a use case, given the work and the notice, be what follows from it."""

    def register(reaction: Reaction) -> Reaction:
        _REACTIONS[notice] = reaction
        return reaction

    return register


def tell(work: Any, notice: object) -> None:
    """Have done what follows from the notice. Raises NobodyReacts."""
    reaction = _REACTIONS.get(type(notice))
    if reaction is None:
        raise NobodyReacts(type(notice).__name__)
    reaction(work, notice)
