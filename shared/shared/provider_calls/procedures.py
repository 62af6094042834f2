"""How calls are made: each kind has a procedure, which belongs to the module that needs the call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shared.provider_calls.model import Call, Pauses


@dataclass(frozen=True, kw_only=True)
class PreparedCall:
    """A claimed call with all that is needed to make it; `make` goes over the network, and knows its provider.

    `provider` is its name in metrics and traces, `attributes` are ids for the span of the call.
    """

    call: Call
    provider: str
    make: Callable[[], Any]
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """`prepare` is given the work in which the call is claimed, `settle` a later one, and what `make` returned.

    `prepare` returns None for a call that need not be made, which it has settled in its work.

    A ProviderRefused or ProviderSilent that `make` raised is given to `settle` like an answer; it decides whether
    and when the call is made again (`work.calls.postpone`, `call.pause()`).
    """

    prepare: Callable[[Any, Any], Any]  # both are given the service's own Work and Call
    settle: Callable[[Any, Any, Any], None]
    longest_pause: timedelta = Pauses.longest
    first_pause: timedelta = Pauses.first

    @property
    def pauses(self) -> Pauses:
        return Pauses(first=self.first_pause, longest=self.longest_pause)


Procedures = Mapping[Any, Procedure]  # by the kind of call
