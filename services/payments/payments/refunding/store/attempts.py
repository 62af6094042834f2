"""The attempts of refunds, by their number at the provider."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, select

from payments.providers.front import id_of
from payments.refunding.model.refunds import Attempt, AttemptState
from payments.refunding.tables import refund_attempts
from shared.round_trips import later

CHANGING = ("state", "result", "stalled_since", "unanswered_since", "provider_number")
BY_AGE = (refund_attempts.c.refund_id, refund_attempts.c.position)


class RefundAttempts:
    """The stored attempts. Lock the payment before changing one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, attempt_id: UUID) -> Attempt | None:
        """The attempt with this number."""
        found = self._read(select(refund_attempts).where(refund_attempts.c.attempt_id == attempt_id))
        return found[0] if found else None

    def is_ours(self, number: str) -> bool:
        """Whether an attempt has this number, its own or the provider's."""
        same = refund_attempts.c.provider_number == number
        if attempt_id := id_of(number):
            same |= refund_attempts.c.attempt_id == attempt_id
        return (
            self._connection.execute(select(refund_attempts.c.attempt_id).where(same).limit(1)).scalar()
            is not None
        )

    def of_refunds(self, *refund_ids: UUID) -> Sequence[Attempt]:
        """All attempts of some refunds, by refund, the oldest first."""
        mine = select(refund_attempts).where(refund_attempts.c.refund_id.in_(refund_ids))
        return self._read(mine.order_by(*BY_AGE))

    def add(self, attempt: Attempt) -> None:
        later(self._connection, refund_attempts.insert(), vars(attempt))

    def save(self, attempt: Attempt) -> None:
        mine = refund_attempts.c.attempt_id == attempt.attempt_id
        changed = {name: getattr(attempt, name) for name in CHANGING}
        later(self._connection, refund_attempts.update().where(mine), changed)

    def _read(self, query: Select[Any]) -> Sequence[Attempt]:
        return [_attempt(row) for row in self._connection.execute(query).mappings()]


def _attempt(row: RowMapping) -> Attempt:
    return Attempt(**{**row, "state": AttemptState(row["state"])})
