"""The table of provider calls: a row is due at a time, or finished (`due_at` is NULL)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, null, select, text
from sqlalchemy.dialects.postgresql import insert

from shared import trace
from shared.provider_calls.model import Call
from shared.provider_calls.tables import provider_calls
from shared.round_trips import later

# A claimed call becomes due again at the end of its lease, in case its worker has died. Until it is settled,
# `error` is NULL. Urgent calls come first, however many others wait.
DUE = """
    SELECT kind, key FROM provider_calls WHERE due_at <= :now AND {which} AND kind = ANY(:kinds)
    ORDER BY due_at LIMIT {most} FOR UPDATE SKIP LOCKED
"""
URGENT = DUE.format(which="urgent", most=":many")
OTHERS = DUE.format(which="NOT urgent", most=":many - (SELECT count(*) FROM urgent)")
CLAIM = text(f"""
    WITH urgent AS ({URGENT}), others AS ({OTHERS}), due AS (SELECT * FROM urgent UNION ALL SELECT * FROM others)
    UPDATE provider_calls AS calls SET due_at = :leased_until, tries = calls.tries + 1, error = NULL
    FROM due WHERE calls.kind = due.kind AND calls.key = due.key
    RETURNING calls.kind, calls.key, calls.about, calls.tries, calls.correlation_id, calls.traceparent
""")  # noqa: S608 - constants

NO_TRACE = {"correlation_id": None, "traceparent": None}
_NEW = insert(provider_calls)
_AGAIN = ("due_at", "tries", "error", "urgent", "correlation_id", "traceparent")
REQUEST = _NEW.on_conflict_do_update(
    index_elements=[provider_calls.c.kind, provider_calls.c.key],
    set_={name: _NEW.excluded[name] for name in _AGAIN},
)

_MINE = (provider_calls.c.kind == bindparam("of_kind")) & (provider_calls.c.key == bindparam("of_key"))
FINISH = provider_calls.update().where(_MINE).values(due_at=null())
POSTPONE = provider_calls.update().where(_MINE).values(due_at=bindparam("until"), error=bindparam("because"))


def wanted(kind: str, key: UUID, about: UUID, *, at: datetime, urgent: bool = False) -> dict[str, Any]:
    """A call at this time, with the current trace, for `Calls.request_all`."""
    current = trace.current()
    traced = vars(current) if current else NO_TRACE
    due = {"due_at": at, "tries": 0, "error": None, "urgent": urgent, **traced}
    return {"kind": kind, "key": key, "about": about, "requested_at": at, **due}


class Calls:
    """The calls of this database; `requested` is true if this transaction has made one due.

    `call` may be a service's own class with the same fields.
    """

    call: ClassVar[type[Call]] = Call

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.requested = False

    def request(self, kind: str, key: UUID, about: UUID, *, at: datetime, urgent: bool = False) -> None:
        """Request a call at this time, with the current trace; also one that was made before."""
        self.request_all([wanted(kind, key, about, at=at, urgent=urgent)])

    def request_all(self, many: Sequence[Mapping[str, Any]]) -> None:
        """Request calls, as `wanted` describes them."""
        if many:
            later(self._connection, REQUEST, many)
            self.requested = True

    def claim(self, many: int, kinds: Iterable[str], *, now: datetime, lease: timedelta) -> list[Call]:
        """Claim up to `many` due calls of these kinds until the lease ends."""
        terms = {"many": many, "kinds": list(map(str, kinds)), "now": now, "leased_until": now + lease}
        return [self.call(**row) for row in self._connection.execute(CLAIM, terms).mappings()]

    def finish(self, key: UUID, *kinds: str) -> None:
        """Finish these calls: they are not made any more."""
        later(self._connection, FINISH, [{"of_kind": kind, "of_key": key} for kind in kinds])

    def finish_all(self, keys: Sequence[UUID], kind: str) -> None:
        """Finish calls of one kind."""
        later(self._connection, FINISH, [{"of_kind": kind, "of_key": key} for key in keys])

    def finish_unless_requested_again(self, call: Call) -> None:
        """Finish this call, unless it was requested again since it was claimed."""
        same = _this(call) & (provider_calls.c.tries == call.tries)
        later(self._connection, provider_calls.update().where(same), {"due_at": None})

    def is_under_way(self, kind: str, key: UUID) -> bool:
        """Whether this call is being made or its outcome is unknown. Locks it, so that none begins meanwhile."""
        row = self._connection.execute(_waiting(kind, key).with_for_update()).first()
        return row is not None and row.tries > 0 and row.error is None

    def is_due(self, kind: str, key: UUID) -> bool:
        """Whether this call is to be made, now or later."""
        return self._connection.execute(_waiting(kind, key)).first() is not None

    def postpone(self, call: Call, until: datetime | None, error: str | None = None) -> None:
        """Retry this call at `until`, or never for None."""
        why = {"until": until, "because": error}
        later(self._connection, POSTPONE, {"of_kind": call.kind, "of_key": call.key, **why})

    def about(self, about: UUID) -> Sequence[dict[str, object]]:
        """All calls for this object, for operators."""
        mine = select(provider_calls).where(provider_calls.c.about == about)
        return [
            dict(row) for row in self._connection.execute(mine.order_by(provider_calls.c.requested_at)).mappings()
        ]


def _this(call: Call) -> Any:
    return (provider_calls.c.kind == call.kind) & (provider_calls.c.key == call.key)


def _waiting(kind: str, key: UUID) -> Select[Any]:
    mine = (provider_calls.c.kind == kind) & (provider_calls.c.key == key)
    return select(provider_calls).where(mine, provider_calls.c.due_at.is_not(None))
