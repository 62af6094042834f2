"""Procedures: how calls of each kind are prepared, made and settled. They belong to the modules that use them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shared.provider_calls.model import Call, Pauses

InAdvance = Callable[[Any, Sequence[Any]], None]


def nothing_in_advance(work: Any, calls: Sequence[Any]) -> None:
    """For procedures whose calls share no more than the transaction."""


@dataclass(frozen=True, kw_only=True)
class PreparedCall:
    """A claimed call, ready to be made. `make` does the network request.

    `provider` is the provider's name in metrics and traces, `attributes` are ids for the span of the call.
    """

    call: Call
    provider: str
    make: Callable[[], Any]
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """How calls of a kind are made.

    `prepare(work, call)` runs in the transaction that claims the call and returns a PreparedCall; or None for a
    call that need not be made, after settling it in this transaction.

    `settle(work, call, answer)` runs in a later transaction with what `make` returned, or with the ProviderRefused
    or ProviderSilent that it raised. It decides whether and when the call is retried (`work.calls.postpone`,
    `call.pause()`).

    With `together` each is called once for all calls of the transaction: `prepare(work, [call, …])` returns the
    PreparedCalls of those that have to be made, and `settle(work, [(call, answer), …])` gets all answers.
    `before_preparing(work, calls)` and `before_settling(work, calls)` read at once what the functions above read
    for each of several calls.
    """

    prepare: Callable[[Any, Any], Any]  # both get the service's own Work and Call
    settle: Callable[..., None]
    together: bool = False
    before_preparing: InAdvance = nothing_in_advance
    before_settling: InAdvance = nothing_in_advance
    longest_pause: timedelta = Pauses.longest
    first_pause: timedelta = Pauses.first

    @property
    def pauses(self) -> Pauses:
        return Pauses(first=self.first_pause, longest=self.longest_pause)

    def prepared(self, work: Any, calls: Sequence[Call]) -> list[PreparedCall]:
        """Those of these calls that have to be made."""
        if self.together:
            return list(self.prepare(work, calls))
        return [ready for call in calls if (ready := self.prepare(work, call))]


Procedures = Mapping[Any, Procedure]  # by the kind of call
