"""One transaction: what is changed, and what is said of it, together or not at all."""

from collections.abc import Callable, Iterator, Sequence
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
    """There is no command to answer, or nobody knows who gave it."""


class Work:
    """One open transaction; a service's own Work adds its repositories."""

    def __init__(self, connection: Connection, *, causes: Sequence[Envelope] = ()) -> None:
        self.connection = connection
        self.cause: Envelope | None = causes[0] if len(causes) == 1 else None
        self._causes = {envelope.message_id: envelope for envelope in causes}
        self._published: list[dict[str, Any]] = []
        self.afterwards: list[Callable[[], None]] = []

    @cached_property
    def now(self) -> datetime:
        """The moment of this work, aware UTC; one value from begin to commit."""
        return datetime.now(UTC)

    @cached_property
    def switches(self) -> Switches:
        """What operators have turned off in this service."""
        return Switches(self.connection)

    def publish(
        self,
        message: Message,
        *,
        at: datetime | timedelta | None = None,
        within: timedelta | None = None,
        timer: Message | None = None,
    ) -> UUID:
        """Send a command or a fact once this work has committed; returns its id.

        A fact is said once, at the transition that makes it true; whoever asks again gets a `reply`.
        `at`: not before, or not before so much time has passed by the database's clock, which no process's
        clock disturbs. `within`: the command's deadline, counted from the broker's confirm; `timer` is said
        when it passes.
        """
        trail = self._trail(self.cause, self.cause.message_id if self.cause else None)
        row = outbox.row(message, trail, at=at, within=within, timer=timer)
        self.send(row)
        return row["message_id"]

    def reply(self, event: Event, *, to: UUID | None = None, requester: str | None = None) -> UUID:
        """Answer a command once this work has committed; only who gave it gets the answer. Returns its id.

        `to` is the command's message id, if it is not the one being handled; `requester` is who gave it, if it
        was handled in an earlier work. Raises NoCommand without a command to answer.
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
        """Send what is an outbox row already, once this work has committed."""
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

        Without a key nothing can be recognised, and it simply runs.
        """
        if key is None:
            return produce()
        who = caller if isinstance(caller, str) else str(caller.user_id or "anyone")
        ran: list[Any] = []
        first = partial(_kept, ran, produce)
        answer = idempotency.once(self.connection, (who, operation, key), request, first, shown_once)
        if not ran:  # the answer of what was done before
            operator_actions.settle()
        return answer

    def after_commit(self, wake: Callable[[], None]) -> None:
        """Call this when the work has committed, and not if it has not.

        Only to wake somebody who would find the change later by himself: a process that dies here calls
        nobody, and what fails here can undo nothing.
        """
        self.afterwards.append(wake)

    def flush(self) -> bool:
        """Store what was said so far; whether any of it is to leave at once."""
        published, self._published = self._published, []
        outbox.insert(self.connection, published)
        return any(row["not_before"] is None for row in published)

    def trace_of(self, cause: Envelope | None) -> trace.Trace:
        """The trace of what follows from a message, or from the request alone: the span that is open for it."""
        followed = trace.current() or trace.Trace()
        if cause is None or cause.correlation_id == followed.correlation_id:
            return followed
        return trace.Trace(cause.correlation_id, cause.traceparent)

    def _trail(self, cause: Envelope | None, causation_id: UUID | None, in_reply_to: UUID | None = None) -> Trail:
        known = self.trace_of(cause)
        return Trail(
            correlation_id=known.correlation_id,
            causation_id=causation_id,
            in_reply_to=in_reply_to,
            traceparent=spans.onward(known),
        )


def _kept(ran: list[Any], produce: Callable[[], Any]) -> Any:
    ran.append(produce())
    return ran[0]


class OpenWork(Generic[W]):
    """Opens works on one database: `with open_work() as work: …` commits on a clean exit, else rolls back."""

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
        """Ask the database for a sign of life; raises what SQLAlchemy raises without one."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
