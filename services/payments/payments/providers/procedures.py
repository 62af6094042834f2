"""How provider calls are made: each kind has a procedure, which belongs to the module that wants the call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from payments.providers.interface import Provider
from payments.providers.model import Call, CallKind


@dataclass(frozen=True, kw_only=True)
class ProviderCall:
    """A claimed call with all that has to be known to make it; `make` goes over the network.

    `method` is how the payment is paid, and so which provider it is.
    """

    call: Call
    method: str
    checkout_id: UUID
    make: Callable[[Provider], Any]


@dataclass(frozen=True)
class Procedure:
    """`prepare` is given the work in which the call is claimed, `settle` a later one, and what `make` returned.

    A ProviderRefused or ProviderSilent that `make` raised is given to `settle` like an answer.
    """

    prepare: Callable[[Any, Call], ProviderCall]
    settle: Callable[[Any, Call, Any], None]


Procedures = Mapping[CallKind, Procedure]
