"""The saga transitions of one database transaction: sagas are locked, moved, and written together at the end."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from shared import observe, spans
from shared.sagas import history, measures, store
from shared.sagas.core import decide
from shared.sagas.definition import Local, Saga, Work
from shared.sagas.history import Cause
from shared.sagas.instance import Alarm, Effect, End, HandOver, Input, Instance, Publish, Ran, Run, Wake
from shared.spans import Span

if TYPE_CHECKING:
    from shared.sagas.engine import Engine

NO_CAUSE = Cause()


class SagaTransaction:
    """The sagas that this transaction has locked, and their transitions so far."""

    def __init__(self, engine: "Engine", work: Work) -> None:
        self.engine, self.work = engine, work
        self.open: dict[UUID, Instance] = {}
        self._sagas: dict[UUID, Saga] = {}
        self._known: dict[Any, UUID] = {}  # by the command whose answer it awaits, and by name and business key
        self._moved: set[UUID] = set()
        self._ended: list[UUID] = []
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if failed is None:
            self._store()

    def admit(self, saga: Saga, new: Instance) -> None:
        """Add a saga that this transaction has just stored."""
        self.open[new.saga_id], self._sagas[new.saga_id] = new, saga
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
        pending = [given] if saga_id in self.open else []
        while pending:
            pending += self._move(saga_id, pending.pop(0), self._with_message(cause))

    def _move(self, saga_id: UUID, given: Input, cause: Cause) -> list[Input]:
        before, saga = self.open[saga_id], self._sagas[saga_id]
        after, effects = decide(saga, before, given)
        if after == before and not effects:
            return []
        self.open[saga_id] = after
        with self._span(saga, before, after):
            next_inputs = [more for effect in effects if (more := self._perform(saga, saga_id, effect))]
        after = self.open[saga_id]
        self._moved.add(saga_id)
        self._rows.append(history.moved(before, after, given, self.work.now, cause))
        return next_inputs

    def _span(self, saga: Saga, before: Instance, after: Instance) -> Span:
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

    def _perform(self, saga: Saga, saga_id: UUID, effect: Effect) -> Input | None:
        now = self.open[saga_id]
        match effect:
            case Publish():
                timer = saga.timer(saga_id=saga_id, attempt=now.attempt)
                # the relay adds a deadline to every command with a timer; undo and commit commands ignore it
                published = self.work.publish(effect.command, within=effect.after, timer=timer)
                self.open[saga_id] = replace(now, awaiting=published)
            case Wake():
                timer = saga.timer(saga_id=saga_id, attempt=now.attempt)
                self.work.publish(timer, at=effect.after)
            case Run():
                return self._run(saga, now, effect)
            case HandOver():
                assert saga.cancel_later
                saga.cancel_later(self.work, now.state, effect.reason)
            case Alarm():
                measures.alarms.labels(saga.name, effect.step).inc()
                observe.log.error("saga needs an operator", saga=saga.name, saga_id=str(saga_id), **vars(effect))
            case End():
                measures.ended.labels(saga.name, now.status).inc()
                self._ended.append(saga_id)
        return None

    def _run(self, saga: Saga, now: Instance, effect: Run) -> Input:
        step = saga.step(effect.step)
        assert isinstance(step, Local)
        run = step.undo if effect.back and step.undo else step.do
        return Ran(run(self.work, now.state))

    def _with_message(self, cause: Cause) -> Cause:
        message = self.work.cause
        return cause if cause.cause_id or not message else replace(cause, cause_id=message.message_id)

    def _store(self) -> None:
        moved = (self.open[saga_id] for saga_id in sorted(self._moved))
        self.engine.rows.save(self.work.connection, moved, self.work.now)
        self.engine.rows.append(self.work.connection, self._rows)
        for saga_id in self.engine.queues.free(self.work.connection, self._ended):
            self.work.publish(self.engine.timer(saga_id=saga_id, attempt=0))
