"""The table of provider calls: a row is due at a time, or finished (`due_at` is NULL)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection, Select, select, text

from shared import trace
from shared.provider_calls.model import Call
from shared.provider_calls.tables import provider_calls
from shared.rows import append, change, separate

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

# What a repeated request replaces: all but what it is about.
AGAIN = ("due_at", "tries", "error", "urgent", "correlation_id", "traceparent")
Name = tuple[str, UUID]  # the kind and the key of a call


def wanted(kind: str, key: UUID, about: UUID, *, at: datetime, urgent: bool = False) -> dict[str, Any]:
    """A call at this time, with the current trace, for `Calls.request_all`."""
    current = trace.current()
    traced = vars(current) if current else NO_TRACE
    due = {"due_at": at, "tries": 0, "error": None, "urgent": urgent, **traced}
    return {"kind": kind, "key": key, "about": about, "requested_at": at, **due}


class Calls:
    """The calls of this database; `requested` is true if this transaction has made one due.

    `call` may be a service's own class with the same fields; `referenced` are the tables that `about` references.
    What is requested, finished and postponed is sent with the next statement or the commit (`shared.rows`).
    """

    call: ClassVar[type[Call]] = Call
    referenced: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._changed: set[Name] = set()  # by what may still wait
        self.requested = False

    def request(self, kind: str, key: UUID, about: UUID, *, at: datetime, urgent: bool = False) -> None:
        """Request a call at this time, with the current trace; also one that was made before."""
        self.request_all([wanted(kind, key, about, at=at, urgent=urgent)])

    def request_all(self, many: Sequence[Mapping[str, Any]]) -> None:
        """Request calls, as `wanted` describes them."""
        if not many:
            return
        self.requested = True
        for row in many:
            self._note((row["kind"], row["key"]))
            append(self._connection, provider_calls, [row], replacing=AGAIN, parents=self.referenced)

    def claim(self, many: int, kinds: Iterable[str], *, now: datetime, lease: timedelta) -> list[Call]:
        """Claim up to `many` due calls of these kinds until the lease ends."""
        terms = {"many": many, "kinds": list(map(str, kinds)), "now": now, "leased_until": now + lease}
        return [self.call(**row) for row in self._connection.execute(CLAIM, terms).mappings()]

    def finish(self, key: UUID, *kinds: str) -> None:
        """Finish these calls: they are not made any more."""
        for kind in kinds:
            self._change(kind, key, due_at=None)

    def finish_all(self, keys: Sequence[UUID], kind: str) -> None:
        """Finish calls of one kind."""
        for key in keys:
            self._change(kind, key, due_at=None)

    def finish_unless_requested_again(self, call: Call) -> None:
        """Finish this call, unless it was requested again since it was claimed."""
        self._note((call.kind, call.key))
        same = {"kind": call.kind, "key": call.key, "tries": call.tries}
        change(self._connection, provider_calls, same, {"due_at": None})

    def is_under_way(self, kind: str, key: UUID) -> bool:
        """Whether this call is being made or its outcome is unknown. Locks it, so that none begins meanwhile."""
        row = self._connection.execute(_waiting(kind, key).with_for_update()).first()
        return row is not None and row.tries > 0 and row.error is None

    def is_due(self, kind: str, key: UUID) -> bool:
        """Whether this call is to be made, now or later."""
        return self._connection.execute(_waiting(kind, key)).first() is not None

    def postpone(self, call: Call, until: datetime | None, error: str | None = None) -> None:
        """Retry this call at `until`, or never for None."""
        self._change(call.kind, call.key, due_at=until, error=error)

    def about(self, about: UUID) -> Sequence[dict[str, object]]:
        """All calls for this object, for operators."""
        mine = select(provider_calls).where(provider_calls.c.about == about)
        return [
            dict(row) for row in self._connection.execute(mine.order_by(provider_calls.c.requested_at)).mappings()
        ]

    def _change(self, kind: str, key: UUID, **values: Any) -> None:
        self._note((kind, key))
        change(self._connection, provider_calls, {"kind": kind, "key": key}, values)

    def _note(self, name: Name) -> None:
        """If what waits changes this call, let it come first: nothing is joined to it any more."""
        if name in self._changed:
            separate(self._connection)
            self._changed.clear()
        self._changed.add(name)


def _waiting(kind: str, key: UUID) -> Select[Any]:
    mine = (provider_calls.c.kind == kind) & (provider_calls.c.key == key)
    return select(provider_calls).where(mine, provider_calls.c.due_at.is_not(None))
