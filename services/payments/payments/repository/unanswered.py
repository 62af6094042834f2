"""Commands whose answer is not decided yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import insert

from payments.tables import unanswered


class Wish(StrEnum):
    """What was commanded."""

    OPEN = "open"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A command that waits for its answer, who gave it, and the request it belongs to."""

    message_id: UUID
    requester: str
    kind: Wish
    payment_id: UUID
    correlation_id: UUID
    traceparent: str | None
    asked_at: datetime


TAKE = text("""
    DELETE FROM unanswered_commands WHERE payment_id = :payment_id AND kind = ANY(:kinds)
    RETURNING message_id, requester, kind, payment_id, correlation_id, traceparent, asked_at
""").bindparams(bindparam("payment_id", type_=Uuid))
OVERDUE = text("""
    SELECT DISTINCT payment_id FROM unanswered_commands WHERE kind = 'cancel' AND asked_at <= :before LIMIT 100
""")
CANCELLING = text("""
    SELECT EXISTS (SELECT FROM unanswered_commands WHERE kind = 'cancel' AND payment_id = :payment_id)
""").bindparams(bindparam("payment_id", type_=Uuid))


class Unanswered:
    """The commands of this database that wait. Lock their payment before you add or take them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, question: Question) -> None:
        self._connection.execute(insert(unanswered).on_conflict_do_nothing(), vars(question))

    def take(self, payment_id: UUID, *kinds: Wish) -> Sequence[Question]:
        """Remove and return the commands of these kinds; the caller answers them."""
        terms = {"payment_id": payment_id, "kinds": list(kinds)}
        rows = self._connection.execute(TAKE, terms).mappings()
        return [Question(**{**row, "kind": Wish(row["kind"])}) for row in rows]

    def is_cancelling(self, payment_id: UUID) -> bool:
        """Whether somebody waits for this payment to be cancelled."""
        return bool(self._connection.execute(CANCELLING, {"payment_id": payment_id}).scalar())

    def overdue_cancels(self, before: datetime) -> Sequence[UUID]:
        """Payments that somebody wished to cancel before this moment and that are still undecided."""
        return self._connection.execute(OVERDUE, {"before": before}).scalars().all()
