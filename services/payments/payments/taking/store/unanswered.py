"""Commands whose reply is not decided yet."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, delete, select, text

from payments.taking.model.unanswered import CommandKind, UnansweredCommand
from payments.taking.tables import unanswered
from shared.rows import append
from shared.waiting_statements import Growth

COLUMNS = "message_id", "requester", "kind", "payment_id", "correlation_id", "traceparent", "requested_at"
OVERDUE = text("""
    SELECT DISTINCT payment_id FROM unanswered_commands WHERE kind = 'cancel' AND requested_at <= :before LIMIT 100
""")
CANCELLING = text("""
    SELECT EXISTS (SELECT FROM unanswered_commands WHERE kind = 'cancel' AND payment_id = :payment_id)
""").bindparams(bindparam("payment_id", type_=Uuid))
# Commands that are deleted in one transaction are deleted by one statement, after they have been added.
TAKEN = Growth(
    "unanswered_commands, deleted",
    frozenset({unanswered.name}),
    b"DELETE FROM unanswered_commands WHERE message_id IN (",
    b")",
)


class Unanswered:
    """The stored commands without a reply. Lock their payment before adding or taking them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: dict[UUID, list[UnansweredCommand]] = {}  # by payment, read in advance

    def read_in_advance(self, payment_ids: Collection[UUID]) -> None:
        """Read at once the commands of these payments, which are locked, for `take`."""
        rows = select(*unanswered.c[COLUMNS]).where(unanswered.c.payment_id.in_(payment_ids))
        found: dict[UUID, list[UnansweredCommand]] = defaultdict(list)
        for row in self._connection.execute(rows.order_by(unanswered.c.requested_at)).mappings():
            found[row["payment_id"]].append(_command(row))
        self._held.update({payment_id: found[payment_id] for payment_id in payment_ids})

    def add(self, command: UnansweredCommand) -> None:
        if command.payment_id in self._held:
            self._held[command.payment_id].append(command)
        append(self._connection, unanswered, [vars(command)], unless_known=True)

    def take(self, payment_id: UUID, *kinds: CommandKind) -> Sequence[UnansweredCommand]:
        """Delete and return the commands of these kinds; the caller replies to them."""
        if payment_id in self._held:
            return self._taken_of_held(payment_id, kinds)
        which = (unanswered.c.payment_id == payment_id) & unanswered.c.kind.in_(kinds)
        rows = self._connection.execute(
            delete(unanswered).where(which).returning(*unanswered.c[COLUMNS])
        ).mappings()
        return list(map(_command, rows))

    def _taken_of_held(self, payment_id: UUID, kinds: Collection[CommandKind]) -> Sequence[UnansweredCommand]:
        held = self._held[payment_id]
        taken = [command for command in held if command.kind in kinds]
        self._held[payment_id] = [command for command in held if command.kind not in kinds]
        self._delete(command.message_id for command in taken)
        return taken

    def _delete(self, message_ids: Iterable[UUID]) -> None:
        psycopg: Any = self._connection.connection.dbapi_connection
        with psycopg.cursor() as cursor:
            ids = [cursor.mogrify("%s", [message_id]) for message_id in message_ids]
        if ids:
            psycopg.append(TAKEN, ids)

    def is_cancelling(self, payment_id: UUID) -> bool:
        """Whether a CancelPayment of this payment has no reply yet."""
        return bool(self._connection.execute(CANCELLING, {"payment_id": payment_id}).scalar())

    def overdue_cancels(self, before: datetime) -> Sequence[UUID]:
        """Payments with a CancelPayment from before this time that has no reply yet, at most 100."""
        return self._connection.execute(OVERDUE, {"before": before}).scalars().all()


def _command(row: Any) -> UnansweredCommand:
    return UnansweredCommand(**{**row, "kind": CommandKind(row["kind"])})
