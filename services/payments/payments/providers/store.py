"""The calls to payment providers, by payment."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from payments.providers.model import Call, CallKind
from shared import trace
from shared.provider_calls import store
from shared.provider_calls.tables import provider_calls


class Calls(store.Calls):
    """The calls of payments; each is about a payment."""

    call = Call

    def request_of(self, key: UUID) -> trace.Trace | None:
        """The trace of the request that caused this attempt or refund; None if it is unknown."""
        mine = (provider_calls.c.key == key) & provider_calls.c.kind.in_([CallKind.OPEN, CallKind.REFUND])
        request = select(provider_calls.c.correlation_id, provider_calls.c.traceparent).where(mine)
        found = self._connection.execute(request).first()
        return trace.Trace(*found) if found and found.correlation_id else None

    def of_payment(self, payment_id: UUID) -> Sequence[dict[str, object]]:
        """All calls about a payment, for operators."""
        return self.about(payment_id)
