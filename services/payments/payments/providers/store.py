"""What the providers still have to be asked: a row is due at a moment, or at rest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select, text
from sqlalchemy.dialects.postgresql import insert

from payments.providers.model import Call, CallKind
from payments.providers.tables import provider_calls
from shared import trace

# A claimed call becomes due again at the end of its lease: whoever claimed it may have died. It has no error until
# it is settled, since nobody knows what it comes to.
CLAIM = text("""
    WITH due AS (
        SELECT kind, key FROM provider_calls WHERE due_at <= :now
        ORDER BY due_at LIMIT :many FOR UPDATE SKIP LOCKED
    )
    UPDATE provider_calls AS calls SET due_at = :leased_until, tries = calls.tries + 1, error = NULL
    FROM due WHERE calls.kind = due.kind AND calls.key = due.key
    RETURNING calls.kind, calls.key, calls.payment_id, calls.tries, calls.correlation_id, calls.traceparent
""")


class Calls:
    """The calls of this database; `asked` says whether this transaction made one due."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.asked = False

    def ask(self, kind: CallKind, key: UUID, payment_id: UUID, *, at: datetime) -> None:
        """Have the provider asked at this moment, whether or not it was asked before, for the request followed."""
        request = trace.current()
        followed = vars(request) if request else {}
        row = {"kind": kind, "key": key, "payment_id": payment_id, "tries": 0, "due_at": at, "asked_at": at}
        again = {"due_at": at, "tries": 0, "error": None, **followed}
        place = [provider_calls.c.kind, provider_calls.c.key]
        statement = insert(provider_calls).on_conflict_do_update(index_elements=place, set_=again)
        self._connection.execute(statement, row | followed)
        self.asked = True

    def claim(self, many: int, *, now: datetime, lease: timedelta) -> list[Call]:
        """Take up to so many due calls for oneself, until the lease ends."""
        terms = {"many": many, "now": now, "leased_until": now + lease}
        return [_call(**row) for row in self._connection.execute(CLAIM, terms).mappings()]

    def request_of(self, key: UUID) -> trace.Trace | None:
        """The request that had the provider open this attempt, or make this refund."""
        mine = (provider_calls.c.key == key) & provider_calls.c.kind.in_([CallKind.OPEN, CallKind.REFUND])
        request = select(provider_calls.c.correlation_id, provider_calls.c.traceparent).where(mine)
        found = self._connection.execute(request).first()
        return trace.Trace(*found) if found and found.correlation_id else None

    def rest(self, key: UUID, *kinds: CallKind) -> None:
        """These calls need not be made (again)."""
        mine = (provider_calls.c.key == key) & provider_calls.c.kind.in_(kinds)
        self._connection.execute(provider_calls.update().where(mine), {"due_at": None})

    def rest_unless_asked_again(self, call: Call) -> None:
        """This call need not be made again, unless somebody had a new reason to ask since it was claimed."""
        same = _this(call) & (provider_calls.c.tries == call.tries)
        self._connection.execute(provider_calls.update().where(same), {"due_at": None})

    def is_under_way(self, kind: CallKind, key: UUID) -> bool:
        """Whether this call is being made, or its end is unknown; none begins until this transaction ends."""
        row = self._connection.execute(_waiting(kind, key).with_for_update()).first()
        return row is not None and row.tries > 0 and row.error is None

    def is_due(self, kind: CallKind, key: UUID) -> bool:
        """Whether this call is to be made, now or later."""
        return self._connection.execute(_waiting(kind, key)).first() is not None

    def postpone(self, call: Call, until: datetime | None, error: str | None = None) -> None:
        """Make this call again later, or never again."""
        self._connection.execute(provider_calls.update().where(_this(call)), {"due_at": until, "error": error})

    def of_payment(self, payment_id: UUID) -> Sequence[dict[str, object]]:
        """What was and is asked for a payment, for operators."""
        mine = select(provider_calls).where(provider_calls.c.payment_id == payment_id)
        return [dict(row) for row in self._connection.execute(mine.order_by(provider_calls.c.asked_at)).mappings()]

    def waiting(self) -> int:
        """How many calls are not at rest."""
        query = select(func.count()).where(provider_calls.c.due_at.is_not(None))
        return self._connection.execute(query).scalar_one()


def _this(call: Call) -> Any:
    return (provider_calls.c.kind == call.kind) & (provider_calls.c.key == call.key)


def _waiting(kind: CallKind, key: UUID) -> Select[Any]:
    mine = (provider_calls.c.kind == kind) & (provider_calls.c.key == key)
    return select(provider_calls).where(mine, provider_calls.c.due_at.is_not(None))


def _call(kind: str, **known: Any) -> Call:
    return Call(kind=CallKind(kind), **known)
