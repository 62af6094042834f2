"""The definition of a saga: a list of steps, of which exactly one is the pivot, the point of no return.

    checkout = Saga("orders.checkout", Checkout, [
        Local("open", do=place_orders, undo=cancel_orders),
        Call("reserve_stock", do=reserve_stock, undo=release_stock, within=timedelta(seconds=30)),
        Await("take_payment", (payments.PaymentCaptured,), key=..., when=is_kept, within=pay_within),
        Local("confirm", do=confirm_orders, pivot=True),
        Call("commit_stock", do=commit_stock),
    ])

Every step before the pivot that does something can be undone. A step after the pivot cannot be undone and is
retried until it succeeds. An undo depends on the state alone, so it also works if its `do` was not executed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, get_args, get_type_hints
from uuid import UUID

from shared.contracts.sagas.commands import SagaTimer
from shared.messages import Command, Event, Message

State = Any
Work = Any
Events = tuple[type[Event], ...]


class BadSaga(TypeError):
    """The definition breaks a rule of sagas. Raised at import, so that the process does not start."""


@dataclass(frozen=True)
class Call:
    """Send a command and wait for its answer. When `do` returns None the step is skipped.

    The return annotations of `do` and `undo` name their command, and its contract names the answers.
    `within` is the time for the answer, counted from the broker's confirm. Then a `do` before the pivot expires;
    an undo, the pivot and the steps after it are sent again, with growing pauses.
    An operator may skip a `skippable` step. A step that moves money is not skippable: only the service that keeps
    the ledger can record that the money was moved by other means.
    """

    name: str
    do: Callable[[State], Command | None]
    undo: Callable[[State], Command] | None = None
    within: timedelta = timedelta(seconds=30)
    pivot: bool = False
    skippable: bool = True

    def answers(self, *, back: bool) -> tuple[Events, Events]:
        """The events that accept and those that refuse the do command, or the undo command when `back`."""
        commands = commands_of(self.undo if back and self.undo else self.do)
        return sum((c.yes for c in commands), ()), sum((c.no for c in commands), ())


@dataclass(frozen=True)
class Local:
    """Run code in the saga's own database and transaction; `do` may return a changed state.

    `in_advance(work, states)` reads at once what `do` or `undo` reads for each of several sagas.
    """

    name: str
    do: Callable[[Work, State], State | None]
    undo: Callable[[Work, State], None] | None = None
    pivot: bool = False
    in_advance: Callable[[Work, Sequence[State]], None] | None = None


@dataclass(frozen=True)
class Await:
    """Wait for an event that is no answer to a command.

    `key` returns the saga's business key from an event, `when` whether the event ends the wait. If the event
    arrives before the step, the step is passed at once. `within` is counted from the entry; without it the saga
    waits indefinitely.
    """

    name: str
    events: Events
    key: Callable[[Any], UUID | str]
    when: Callable[[State, Any], bool]
    within: Callable[[State], timedelta] | None = None
    pivot = False

    def met_by(self, state: State, event: Message) -> bool:
        return isinstance(event, self.events) and self.when(state, event)


Step = Call | Local | Await


def _unchanged(state: State, _reason: str | None) -> State:
    return state


def _nothing_learned(state: State, _refusal: Event) -> State:
    return state


def _no_locks(_state: State) -> Iterable[str]:
    return ()


@dataclass(frozen=True, eq=False)
class Saga:
    """A business process. `name` and the names of the steps are stored in the database and must never change.

    timer         the type of its service's timer message, for waits and for locks that are free
    locks         the resources that the saga locks until it ends, derived from the first state
    because       stores the reason of the undo in the state (None: the saga goes forward again)
    learn         stores the content of a refusal in the state before the saga is undone
    cancel_later  (work, state, reason): called after the pivot for a cancellation that was requested too late
    version       stored with every saga that starts; increased with each change of the steps
    """

    name: str
    state: type
    steps: Sequence[Step]
    timer: type[SagaTimer]
    locks: Callable[[State], Iterable[str]] = _no_locks
    because: Callable[[State, str | None], State] = _unchanged
    learn: Callable[[State, Event], State] = _nothing_learned
    cancel_later: Callable[[Work, State, str], None] | None = None
    version: int = 1

    def __post_init__(self) -> None:
        for rule, broken in _broken_rules(self):
            if broken:
                raise BadSaga(f"{self.name}: {rule}: {', '.join(broken)}")

    @cached_property
    def pivot(self) -> int:
        """The index of the pivot in the list of steps."""
        return next(at for at, step in enumerate(self.steps) if step.pivot)

    @cached_property
    def places(self) -> dict[str, int]:
        return {step.name: at for at, step in enumerate(self.steps)}

    def step(self, name: str) -> Step:
        return self.steps[self.places[name]]

    @cached_property
    def awaits(self) -> tuple[Await, ...]:
        return tuple(step for step in self.steps if isinstance(step, Await))

    @cached_property
    def commands(self) -> frozenset[type[Command]]:
        """All commands that its steps may send."""
        makers = [make for s in self.steps if isinstance(s, Call) for make in (s.do, s.undo) if make]
        return frozenset(command for make in makers for command in commands_of(make))

    @cached_property
    def answers(self) -> frozenset[type[Event]]:
        """All events that answer one of its commands."""
        calls = [step for step in self.steps if isinstance(step, Call)]
        return frozenset(
            e for step in calls for back in (False, True) for es in step.answers(back=back) for e in es
        )


def consumed_by(*sagas: Saga) -> tuple[type[Message], ...]:
    """The events that these sagas await and their own timers, by topic."""
    awaited = {event for saga in sagas for step in saga.awaits for event in step.events}
    timers = {saga.timer for saga in sagas}
    return tuple(sorted({*timers, *awaited}, key=lambda message: message.topic))


def answers_to(*sagas: Saga) -> tuple[type[Event], ...]:
    """The replies to the commands of these sagas, by topic."""
    return tuple(sorted({event for saga in sagas for event in saga.answers}, key=lambda event: event.topic))


@cache
def commands_of(makes: Callable[..., Any]) -> tuple[type[Command], ...]:
    """The commands that a step's function may return."""
    hint = get_type_hints(makes).get("return")
    return tuple(c for c in get_args(hint) or (hint,) if isinstance(c, type) and issubclass(c, Command))


def _broken_rules(saga: Saga) -> Iterator[tuple[str, list[str]]]:
    names = [step.name for step in saga.steps]
    pivots = [step.name for step in saga.steps if step.pivot]
    yield "a saga has exactly one pivot", [] if len(pivots) == 1 else pivots or ["none"]
    yield "the names of the steps are unique", sorted({name for name in names if names.count(name) > 1})
    at = names.index(pivots[0])
    before, after = saga.steps[:at], saga.steps[at:]
    yield "a step before the pivot has an undo", [s.name for s in before if not _can_be_undone(s)]
    yield "the pivot and the steps after it have no undo", [s.name for s in after if getattr(s, "undo", None)]
    yield "a wait after the pivot has no deadline", [s.name for s in after if isinstance(s, Await) and s.within]
    yield "a command has a type annotation and answers", list(_unanswerable(saga.steps))
    yield "an undo that a later event can answer is right before its wait", list(_far_from_event(before))


def _can_be_undone(step: Step) -> bool:
    return isinstance(step, Await) or step.undo is not None


def _unanswerable(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        makers = [m for m in (step.do, step.undo) if m] if isinstance(step, Call) else []
        if not all(commands_of(make) and all(c.yes for c in commands_of(make)) for make in makers):
            yield step.name


def _far_from_event(before: Sequence[Step]) -> Iterator[str]:
    """Steps that break the rule: turning forward would skip the steps in between."""
    neighbours = set(pairwise(step.name for step in before))
    for at, step in enumerate(before):
        refusals = set(step.answers(back=True)[1]) if isinstance(step, Call) else set()
        for later in before[at + 1 :]:
            if isinstance(later, Await) and refusals & set(later.events):
                yield from () if (step.name, later.name) in neighbours else (step.name,)
