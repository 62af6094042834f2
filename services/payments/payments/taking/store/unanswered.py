"""Commands whose reply is not decided yet."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import insert

from payments.taking.model.unanswered import CommandKind, UnansweredCommand
from payments.taking.tables import unanswered
from shared.round_trips import later

TAKE = text("""
    DELETE FROM unanswered_commands WHERE payment_id = :payment_id AND kind = ANY(:kinds)
    RETURNING message_id, requester, kind, payment_id, correlation_id, traceparent, requested_at
""").bindparams(bindparam("payment_id", type_=Uuid))
OVERDUE = text("""
    SELECT DISTINCT payment_id FROM unanswered_commands WHERE kind = 'cancel' AND requested_at <= :before LIMIT 100
""")
CANCELLING = text("""
    SELECT EXISTS (SELECT FROM unanswered_commands WHERE kind = 'cancel' AND payment_id = :payment_id)
""").bindparams(bindparam("payment_id", type_=Uuid))


class Unanswered:
    """The stored commands without a reply. Lock their payment before adding or taking them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, command: UnansweredCommand) -> None:
        later(self._connection, insert(unanswered).on_conflict_do_nothing(), vars(command))

    def take(self, payment_id: UUID, *kinds: CommandKind) -> Sequence[UnansweredCommand]:
        """Delete and return the commands of these kinds; the caller replies to them."""
        terms = {"payment_id": payment_id, "kinds": list(kinds)}
        rows = self._connection.execute(TAKE, terms).mappings()
        return [UnansweredCommand(**{**row, "kind": CommandKind(row["kind"])}) for row in rows]

    def is_cancelling(self, payment_id: UUID) -> bool:
        """Whether a CancelPayment of this payment has no reply yet."""
        return bool(self._connection.execute(CANCELLING, {"payment_id": payment_id}).scalar())

    def overdue_cancels(self, before: datetime) -> Sequence[UUID]:
        """Payments with a CancelPayment from before this time that has no reply yet, at most 100."""
        return self._connection.execute(OVERDUE, {"before": before}).scalars().all()
