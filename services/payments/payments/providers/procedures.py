"""Calls to payment providers: a procedure prepares one without its provider, which is bound to it here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from payments.providers.interface import Provider
from payments.providers.model import Call, CallKind
from shared.provider_calls.procedures import PreparedCall, Procedure

Procedures = Mapping[CallKind, Procedure]


@dataclass(frozen=True, kw_only=True)
class ProviderCall:
    """A claimed call with all that has to be known to make it; `make` goes over the network.

    `method` is how the payment is paid, and so which provider it is.
    """

    call: Call
    method: str
    checkout_id: UUID
    make: Callable[[Provider], Any]

    def bound(self, provider: Provider) -> PreparedCall:
        """This call, to this provider."""
        ids = {"jishi.payment.id": str(self.call.payment_id), "jishi.checkout.id": str(self.checkout_id)}
        return PreparedCall(call=self.call, provider=self.method, make=lambda: self.make(provider), attributes=ids)


def bound(procedures: Procedures, provider: Provider) -> Procedures:
    """These procedures, with their calls bound to this provider."""
    return {kind: replace(one, prepare=_bound(one, provider)) for kind, one in procedures.items()}


def _bound(procedure: Procedure, provider: Provider) -> Callable[[Any, Call], PreparedCall]:
    return lambda work, call: procedure.prepare(work, call).bound(provider)
