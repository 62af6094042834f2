"""The calls to payment providers, by payment."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from payments.providers.model import Call, CallKind
from shared import trace
from shared.provider_calls import store
from shared.provider_calls.tables import provider_calls


class Calls(store.Calls):
    """The calls of payments; each is about a payment."""

    call = Call
    referenced = frozenset({"payments"})

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._requesters: dict[UUID, trace.Trace | None] = {}

    def request_of(self, key: UUID) -> trace.Trace | None:
        """The trace of the request that caused this attempt or refund; None if it is unknown."""
        if key not in self._requesters:
            self.read_requests_in_advance([key])
        return self._requesters[key]

    def read_requests_in_advance(self, keys: Collection[UUID]) -> None:
        """Read at once the requests that caused these attempts and refunds, for `request_of`."""
        which = provider_calls.c.key.in_(keys) & provider_calls.c.kind.in_([CallKind.OPEN, CallKind.REFUND])
        rows = select(*provider_calls.c["key", "correlation_id", "traceparent"]).where(which)
        known = {row.key: row for row in self._connection.execute(rows) if row.correlation_id}
        self._requesters.update({key: _trace(known[key]) if key in known else None for key in keys})

    def of_payment(self, payment_id: UUID) -> Sequence[dict[str, object]]:
        """All calls about a payment, for operators."""
        return self.about(payment_id)


def _trace(row: Any) -> trace.Trace:
    return trace.Trace(row.correlation_id, row.traceparent)
