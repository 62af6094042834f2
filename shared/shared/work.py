"""A transaction of a service: its changes and its messages are committed together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared import idempotency, operator_actions, outbox, spans, trace
from shared.auth import Caller
from shared.messages import Envelope, Event, Message
from shared.outbox import Trail
from shared.switches import Switches

W = TypeVar("W", bound="Work")


class NoCommand(LookupError):
    """There is no command to answer, or its sender is unknown."""


class Work:
    """An open transaction; a service's own subclass adds its repositories."""

    def __init__(self, connection: Connection, *, causes: Sequence[Envelope] = ()) -> None:
        self.connection = connection
        self.cause: Envelope | None = causes[0] if len(causes) == 1 else None
        self._causes = {envelope.message_id: envelope for envelope in causes}
        self._published: list[dict[str, Any]] = []
        self._claimed: set[idempotency.Scope] = set()
        self.afterwards: list[Callable[[], None]] = []

    @cached_property
    def now(self) -> datetime:
        """The time of this transaction, aware UTC; the same from begin to commit."""
        return datetime.now(UTC)

    @cached_property
    def switches(self) -> Switches:
        """The switches of this service."""
        return Switches(self.connection)

    def publish(
        self,
        message: Message,
        *,
        at: datetime | timedelta | None = None,
        within: timedelta | None = None,
    ) -> UUID:
        """Publish an event or send a command after the commit; returns its message id.

        An event is published once, at the transition that it reports; a repeated command gets a `reply`.

        at      the earliest time to send it, or a delay by the database's clock
        within  the command's deadline, counted from the broker's confirm
        """
        trail = self._trail(self.cause, self.cause.message_id if self.cause else None)
        row = outbox.row(message, trail, at=at, within=within)
        self.send(row)
        return row["message_id"]

    def reply(self, event: Event, *, to: UUID | None = None, requester: str | None = None) -> UUID:
        """Reply to a command after the commit; only its sender gets the reply. Returns the reply's message id.

        `to` is the command's message id, if it is not the one being handled; `requester` is the sending service,
        if the command was handled in an earlier transaction. Raises NoCommand without a command to answer.
        """
        command = self._causes.get(to) if to else self.cause
        if command:
            to, requester = command.message_id, command.source
        if to is None or requester is None:
            raise NoCommand(event.topic)
        row = outbox.reply(event, self._trail(command, to, in_reply_to=to), requester)
        self.send(row)
        return row["message_id"]

    def send(self, row: dict[str, Any]) -> None:
        """Send an outbox row after the commit."""
        self._published.append(row)

    def once(
        self,
        caller: Caller | str,
        operation: str,
        key: str | None,
        request: Any,
        produce: Callable[[], Any],
        *,
        shown_once: Sequence[str] = (),
    ) -> Any:
        """The JSON answer of `produce`, run once per caller, operation and key; see shared.idempotency.

        Without a key it always runs.
        """
        if key is None:
            return produce()
        scope, ran = _scope(caller, operation, key), list[Any]()
        first, is_claimed = partial(_recorded, ran, produce), scope in self._claimed
        self._claimed.discard(scope)
        answer = idempotency.once(self.connection, scope, request, first, shown_once, is_claimed=is_claimed)
        if not ran:  # the stored answer of an earlier request
            operator_actions.settle()
        return answer

    def claim(self, keys: Iterable[tuple[Caller, str, str, Any]]) -> None:
        """Claim the idempotency keys (caller, operation, key, request) of a batch in advance, in one statement."""
        wanted = [(_scope(caller, operation, key), request) for caller, operation, key, request in keys]
        self._claimed = idempotency.claim(self.connection, wanted)

    def release(self, caller: Caller, operation: str, key: str) -> None:
        """Free an idempotency key that was claimed in advance: its request was refused."""
        idempotency.release(self.connection, _scope(caller, operation, key))

    @property
    def writes(self) -> int:
        """A number that grows with everything that this transaction changes or publishes."""
        psycopg: Any = self.connection.connection.dbapi_connection
        return int(psycopg.writes) + len(self._published)

    def after_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` after a successful commit.

        Only for notifying a process that also polls: the call is lost if this process crashes first, and its
        failure cannot undo the commit.
        """
        self.afterwards.append(wake)

    def flush(self) -> bool:
        """Insert the messages so far into the outbox; returns whether any of them is to be sent at once."""
        published, self._published = self._published, []
        outbox.insert(self.connection, published)
        return any(row["not_before"] is None for row in published)

    def trace_of(self, cause: Envelope | None) -> trace.Trace:
        """The trace for messages that follow from `cause`: the current one, unless `cause` belongs to another."""
        current = trace.current() or trace.Trace()
        if cause is None or cause.correlation_id == current.correlation_id:
            return current
        return trace.Trace(cause.correlation_id, cause.traceparent)

    def _trail(self, cause: Envelope | None, causation_id: UUID | None, in_reply_to: UUID | None = None) -> Trail:
        known = self.trace_of(cause)
        return Trail(
            correlation_id=known.correlation_id,
            causation_id=causation_id,
            in_reply_to=in_reply_to,
            traceparent=spans.onward(known),
        )


def _scope(caller: Caller | str, operation: str, key: str) -> idempotency.Scope:
    caller_id = caller if isinstance(caller, str) else str(caller.user_id or "anyone")
    return caller_id, operation, key


def _recorded(ran: list[Any], produce: Callable[[], Any]) -> Any:
    ran.append(produce())
    return ran[0]


class OpenWork(Generic[W]):
    """Opens transactions on one database: `with open_work() as work: …` commits, or rolls back on an exception."""

    def __init__(self, engine: Engine, work_class: type[W], *, wake: Callable[[], None] = lambda: None) -> None:
        self.engine, self.work_class, self._wake = engine, work_class, wake

    @contextmanager
    def __call__(self, *, causes: Sequence[Envelope] = ()) -> Iterator[W]:
        with self.engine.begin() as connection:
            work = self.work_class(connection, causes=causes)
            yield work
            operator_actions.at_commit(work)
            if work.flush():
                work.after_commit(self._wake)
        for wake in work.afterwards:
            wake()

    def probe(self) -> None:
        """Query the database; raises SQLAlchemy's exceptions if it is unreachable."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
