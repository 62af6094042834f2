"""The saga transitions of one database transaction: sagas are locked, moved, and written together at the end."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace as with_changes
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from shared import observe, spans
from shared.messages import Envelope
from shared.sagas import history, measures, store
from shared.sagas.core import decide
from shared.sagas.definition import Local, Saga, Work
from shared.sagas.history import Cause
from shared.sagas.instance import Alarm, Effect, End, HandOver, Input, Instance, Publish, Ran, Run, Wake, replace
from shared.spans import Span

if TYPE_CHECKING:
    from shared.sagas.engine import Engine

NO_CAUSE = Cause()


@dataclass(frozen=True)
class Due:
    """A local step that a saga has reached; `message` is being handled, `cause` explains the transition."""

    step: Local
    back: bool
    message: Envelope | None
    cause: Cause


class SagaTransaction:
    """The sagas that this transaction has locked, and their transitions so far."""

    def __init__(self, engine: "Engine", work: Work) -> None:
        self.engine, self.work = engine, work
        self.open: dict[UUID, Instance] = {}
        self._sagas: dict[UUID, Saga] = {}
        self._known: dict[Any, UUID] = {}  # by the command whose answer it awaits, and by name and business key
        self._moved: set[UUID] = set()
        self._changed: set[UUID] = set()  # whose state has changed
        self._new: set[UUID] = set()
        self._due: dict[UUID, Due] = {}
        self._ended: list[UUID] = []
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is None:
            self._store()

    def admit(self, saga: Saga, new: Instance, *, is_stored: bool = True) -> None:
        """Add a saga that this transaction has just stored, or will store at its end."""
        self.open[new.saga_id], self._sagas[new.saga_id] = new, saga
        if not is_stored:
            self._new.add(new.saga_id)
        self._rows.append(history.started(new, self.work.now, self._with_message(NO_CAUSE)))

    def load(self, found: Iterable[store.Found]) -> None:
        """Add sagas that are locked now."""
        for one in found:
            saga = self._sagas[one.saga_id] = self.engine.sagas[one.name]
            now = self.open[one.saga_id] = one.instance(saga)
            self._known[saga.name, now.key] = one.saga_id
            if now.awaiting:
                self._known[now.awaiting] = one.saga_id

    def receivers(self, answers: UUID | None, keys: set[tuple[str, str]]) -> list[UUID]:
        """The sagas that awaited this answer when they were locked, or have one of these keys."""
        return sorted({self._known[name] for name in (answers, *keys) if name in self._known})

    def apply(self, saga_id: UUID, given: Input, cause: Cause = NO_CAUSE) -> None:
        """Give a saga an input, and run the local steps that follow."""
        self.give(saga_id, given, cause)
        self.run_steps()

    def give(self, saga_id: UUID, given: Input, cause: Cause = NO_CAUSE) -> None:
        """Give a saga an input. A local step that follows is run by `run_steps`, with those of other sagas."""
        if saga_id in self._due:
            self.run_steps()
        if saga_id in self.open:
            self._move(saga_id, given, self._with_message(cause))

    def run_steps(self) -> None:
        """Run the local steps that sagas have reached, and those that follow, each with its own cause."""
        handled = self.work.cause
        while self._due:
            due, self._due = self._due, {}
            self._read_in_advance(due)
            for saga_id, one in due.items():
                self.work.cause = one.message
                self._move(saga_id, self._run(self.open[saga_id], one), one.cause)
        self.work.cause = handled

    def _read_in_advance(self, due: dict[UUID, Due]) -> None:
        """Let steps that several sagas have reached read at once what each of them reads."""
        states: dict[Local, list[Any]] = defaultdict(list)
        for saga_id, one in due.items():
            states[one.step].append(self.open[saga_id].state)
        for step, of_step in states.items():
            if step.in_advance and len(of_step) > 1:
                step.in_advance(self.work, of_step)

    def _move(self, saga_id: UUID, given: Input, cause: Cause) -> None:
        before, saga = self.open[saga_id], self._sagas[saga_id]
        after, effects = decide(saga, before, given)
        if not effects and after == before:
            return
        self.open[saga_id] = after
        with self._span(saga, before, after):
            for effect in effects:
                self._perform(saga, saga_id, effect, cause)
        after = self.open[saga_id]
        self._moved.add(saga_id)
        if after.state is not before.state:
            self._changed.add(saga_id)
        self._rows.append(history.moved(before, after, given, self.work.now, cause))

    def _span(self, saga: Saga, before: Instance, after: Instance) -> Span:
        if not spans.recording():
            return spans.UNRECORDED
        came, goes = before.step or before.status, after.step or after.status
        about = {
            "jishi.saga.name": saga.name,
            "jishi.saga.id": str(before.saga_id),
            "jishi.saga.key": before.key,
            "jishi.saga.from": f"{before.status} {came}",
            "jishi.saga.to": f"{after.status} {goes}",
        }
        of = self.work.trace_of(self.work.cause)
        return spans.span(f"{saga.name} {came} → {goes}", of=of, attributes=about)

    def _perform(self, saga: Saga, saga_id: UUID, effect: Effect, cause: Cause) -> None:
        now = self.open[saga_id]
        match effect:
            case Publish():
                # the relay adds the deadline to the message; receivers of undo and commit commands ignore it
                published = self.work.publish(effect.command, within=effect.after)
                self.open[saga_id] = replace(now, awaiting=published)
            case Wake():
                timer = saga.timer(saga_id=saga_id, attempt=now.attempt)
                self.work.publish(timer, at=effect.after)
            case Run():
                step = saga.step(effect.step)
                assert isinstance(step, Local)
                self._due[saga_id] = Due(step, effect.back, self.work.cause, cause)
            case HandOver():
                assert saga.cancel_later
                saga.cancel_later(self.work, now.state, effect.reason)
            case Alarm():
                measures.alarms.labels(saga.name, effect.step).inc()
                observe.log.error("saga needs an operator", saga=saga.name, saga_id=str(saga_id), **vars(effect))
            case End():
                measures.ended.labels(saga.name, now.status).inc()
                self._ended.append(saga_id)

    def _run(self, now: Instance, due: Due) -> Input:
        run = due.step.undo if due.back and due.step.undo else due.step.do
        return Ran(run(self.work, now.state))

    def _with_message(self, cause: Cause) -> Cause:
        message = self.work.cause
        return cause if cause.cause_id or not message else with_changes(cause, cause_id=message.message_id)

    def _store(self) -> None:
        connection, now = self.work.connection, self.work.now
        self.engine.rows.add_new(
            connection, [(self._sagas[each], self.open[each]) for each in sorted(self._new)], now
        )
        moved = [(self.open[each], each in self._changed) for each in sorted(self._moved - self._new)]
        self.engine.rows.save(connection, moved, now)
        self.engine.rows.append(connection, self._rows)
        for saga_id in self.engine.queues.free(connection, self._ended):
            self.work.publish(self.engine.timer(saga_id=saga_id, attempt=0))
