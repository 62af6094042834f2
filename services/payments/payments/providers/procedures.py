"""Preparing calls to payment providers for `shared.provider_calls`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from payments.providers.model import Call
from payments.providers.registry import Registry
from shared.provider_calls.procedures import PreparedCall


def prepared(
    call: Call, provider: str, checkout_id: UUID, registry: Registry, make: Callable[[Registry], Any]
) -> PreparedCall:
    """A call to this provider; `make` uses the network, with an adapter of the registry."""
    ids = {"jishi.payment.id": str(call.payment_id), "jishi.checkout.id": str(checkout_id)}
    return PreparedCall(call=call, provider=provider, make=lambda: make(registry), attributes=ids)
