"""Drives a saga through a path in a test, without broker and database:

talk = Conversation(checkout, state)
talk.asks(catalog.ReserveStock).told_nothing()
talk.asks(catalog.ReleaseStock).told_yes()
talk.did("undo open")
talk.ends("undone")
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Any, Self, get_args, get_origin, get_type_hints
from uuid import UUID

from shared.ids import new_id
from shared.messages import Command, Event
from shared.money import Money
from shared.sagas.core import decide
from shared.sagas.definition import Await, Saga, State
from shared.sagas.instance import (
    ENDED,
    Alarm,
    Cancel,
    Effect,
    HandOver,
    Input,
    Instance,
    Publish,
    Ran,
    Received,
    Resume,
    Run,
    Skip,
    Status,
    TimerFired,
)

Changes = Mapping[str, Callable[[State], State]]
SAMPLES: dict[Any, Any] = {str: "sample", int: 1, bool: False, datetime: datetime(2026, 1, 1, tzinfo=UTC)}


class Conversation:
    """One saga and its inputs. `changes` maps a local step to the function by which it changes the state."""

    def __init__(self, saga: Saga, state: State, changes: Changes | None = None, *, waiting: bool = False) -> None:
        self.saga, self.changes = saga, changes or {}
        self.now = Instance(saga_id=new_id(), key="conversation", state=state, version=saga.version)
        self.command: Command | None = None
        self.published: list[Publish] = []
        self.ran: list[str] = []
        self.alarms: list[Alarm] = []
        self.handed_over: list[str] = []
        if not waiting:
            self.gets_its_locks()

    def asks(self, command: type[Command] | Command) -> Self:
        """Assert that the saga waits for the answer to this command."""
        found = self.command if isinstance(command, Command) else type(self.command)
        assert found == command, f"it sent {self.command} at {self.now.step} ({self.now.status})"
        return self

    def waits(self, step: str) -> Self:
        """Assert that the saga awaits an event at this step."""
        assert self.now.step == step, f"it is at {self.now.step}"
        assert isinstance(self.saga.step(step), Await)
        return self

    def told(self, event: Event) -> Self:
        """Answer the current command with this event."""
        return self.given(Received(event, answers=self.now.awaiting))

    def told_yes(self) -> Self:
        return self.told(sample(type(self._current()).yes[0], self._current()))

    def told_no(self) -> Self:
        return self.told(sample(type(self._current()).no[0], self._current()))

    def told_nothing(self) -> Self:
        """Let the current timer fire."""
        return self.given(TimerFired(self.now.attempt))

    def consumes(self, event: Event, answers: UUID | None = None) -> Self:
        """Deliver an event: one that answers no command, or answers the command with the id `answers`."""
        return self.given(Received(event, answers))

    def cancelled(self, reason: str = "changed_mind") -> Self:
        return self.given(Cancel(reason))

    def resumed(self) -> Self:
        return self.given(Resume())

    def skipped(self) -> Self:
        return self.given(Skip())

    def gets_its_locks(self) -> Self:
        return self.given(TimerFired(0))

    def did(self, *steps: str) -> Self:
        """Assert that these local steps ran since the last call, in this order; an undo reads "undo open"."""
        assert self.ran == list(steps), f"it did {self.ran}"
        self.ran = []
        return self

    def ends(self, status: str) -> Self:
        assert self.now.status == status, f"it is {self.now.status} at {self.now.step}"
        assert self.now.status is Status.STUCK or self.now.status in ENDED
        return self

    def given(self, what: Input) -> Self:
        """Give the saga an input, and the results of the local steps that follow."""
        pending: list[Input] = [what]
        while pending:
            before = self.now
            self.now, effects = decide(self.saga, before, pending.pop(0))
            pending += [more for effect in effects if (more := self._perform(effect))]
            if self.now.awaiting is None:
                self.command = None
        return self

    def _perform(self, effect: Effect) -> Input | None:
        match effect:
            case Publish():
                self.command = effect.command
                self.published.append(effect)
                self.now = replace(self.now, awaiting=new_id())
            case Run():
                return self._run(effect)
            case Alarm():
                self.alarms.append(effect)
            case HandOver():
                self.handed_over.append(effect.reason)
        return None

    def _run(self, effect: Run) -> Ran:
        self.ran.append(f"undo {effect.step}" if effect.back else effect.step)
        change = self.changes.get(effect.step)
        return Ran(change(self.now.state) if change and not effect.back else None)

    def _current(self) -> Command:
        assert self.command, f"it awaits no answer at {self.now.step} ({self.now.status})"
        return self.command


def sample(event: type[Event], like: Command) -> Event:
    """An event of this type: fields that the command has too are copied from it, the others are made up."""
    hints = get_type_hints(event)
    values = {
        f.name: getattr(like, f.name) if hasattr(like, f.name) else _made_up(hints[f.name])
        for f in fields(event)
        if f.default is MISSING
    }
    return event(**values)


def _made(shape: Any) -> Any:
    hints = get_type_hints(shape)
    return shape(**{f.name: _made_up(hints[f.name]) for f in fields(shape) if f.default is MISSING})


def _made_up(hint: Any) -> Any:
    if get_origin(hint) is UnionType:
        return None if type(None) in get_args(hint) else _made_up(get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if hint is UUID:
        return new_id()
    if hint is Money:
        return Money(100)
    return _made(hint) if is_dataclass(hint) else SAMPLES[hint]
