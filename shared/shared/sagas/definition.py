"""What a saga is: a list of steps, of which exactly one is the pivot, the point of no return.

    checkout = Saga("orders.checkout", Checkout, [
        Local("open", do=place_orders, undo=cancel_orders),
        Ask("reserve_stock", do=reserve_stock, undo=release_stock, within=timedelta(seconds=30)),
        Await("take_payment", (payments.PaymentCaptured,), key=..., when=is_kept, within=pay_within),
        Local("confirm", do=confirm_orders, pivot=True),
        Ask("commit_stock", do=commit_stock),
    ])

Every step before the pivot that does something can be undone; a step after it cannot, and goes on until it
succeeds. An undo is a function of the state alone, so that it works whether its do happened or not.
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
    """The definition breaks a rule of sagas; the process must not start with it."""


@dataclass(frozen=True)
class Call:
    """Say a command and wait for its answer; None from `do` means that there is nothing to do.

    `do` and `undo` say in their return annotation which command they make: its contract names the answers.
    `within` is how long the answer may take, from the moment the broker has the command. A do before the
    pivot expires then; an undo, the pivot and what follows it are asked again, with growing waits.
    An operator may skip a `skippable` step. One that moves money is not: the owner of the books alone can say that
    money went another way.
    """

    name: str
    do: Callable[[State], Command | None]
    undo: Callable[[State], Command] | None = None
    within: timedelta = timedelta(seconds=30)
    pivot: bool = False
    skippable: bool = True

    def answers(self, *, back: bool) -> tuple[Events, Events]:
        """The events that answer the do (or, going back, the undo): yes and no."""
        commands = _commands(self.undo if back and self.undo else self.do)
        return sum((c.yes for c in commands), ()), sum((c.no for c in commands), ())


@dataclass(frozen=True)
class Local:
    """Do something in the saga's own database and transaction; `do` may return a changed state."""

    name: str
    do: Callable[[Work, State], State | None]
    undo: Callable[[Work, State], None] | None = None
    pivot: bool = False


@dataclass(frozen=True)
class Await:
    """Wait for a fact that nobody was asked for.

    `key` finds the saga's business key in an event, `when` tells whether it is the fact. It may come early:
    then the step is passed as soon as it is entered. `within` is counted from the entry; none: for ever.
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
    """A business process. `name` and the steps' names are kept in the database: they never change.

    timer         the message of its service by which a timer of it rings
    locks         the resources that no other saga may hold meanwhile, from the first state
    because       puts the reason for going back into the state (None: it goes forward again)
    learn         puts what a refusal told, beside its reason, into the state before the saga goes back
    cancel_later  (work, state, reason): a wish to cancel that lost against the pivot; called behind it
    version       noted on every saga that starts; grows with each change of the steps
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
        """The place of the pivot in the list of steps."""
        return next(at for at, step in enumerate(self.steps) if step.pivot)

    @cached_property
    def places(self) -> dict[str, int]:
        return {step.name: at for at, step in enumerate(self.steps)}

    def step(self, name: str) -> Step:
        return self.steps[self.places[name]]

    @property
    def awaits(self) -> Iterator[Await]:
        return (step for step in self.steps if isinstance(step, Await))

    @cached_property
    def commands(self) -> frozenset[type[Command]]:
        """Everything that its steps may ask for."""
        makers = [make for s in self.steps if isinstance(s, Call) for make in (s.do, s.undo) if make]
        return frozenset(command for make in makers for command in _commands(make))

    @cached_property
    def answers(self) -> frozenset[type[Event]]:
        """All events that answer one of its commands."""
        rpc_method = [step for step in self.steps if isinstance(step, Call)]
        return frozenset(
            e for step in rpc_method for back in (False, True) for es in step.answers(back=back) for e in es
        )


def consumed_by(*sagas: Saga) -> tuple[type[Message], ...]:
    """The facts that these sagas await and their own timers, by topic."""
    facts = {event for saga in sagas for step in saga.awaits for event in step.events}
    timers = {saga.timer for saga in sagas}
    return tuple(sorted({*timers, *facts}, key=lambda message: message.topic))


def answers_to(*sagas: Saga) -> tuple[type[Event], ...]:
    """The replies to the commands of these sagas, by topic."""
    return tuple(sorted({event for saga in sagas for event in saga.answers}, key=lambda event: event.topic))


@cache
def _commands(makes: Callable[..., Any]) -> tuple[type[Command], ...]:
    hint = get_type_hints(makes).get("return")
    return tuple(c for c in get_args(hint) or (hint,) if isinstance(c, type) and issubclass(c, Command))


def _broken_rules(saga: Saga) -> Iterator[tuple[str, list[str]]]:
    names = [step.name for step in saga.steps]
    pivots = [step.name for step in saga.steps if step.pivot]
    yield "a saga has exactly one pivot", [] if len(pivots) == 1 else pivots or ["none"]
    yield "a step's name is its own", sorted({name for name in names if names.count(name) > 1})
    at = names.index(pivots[0])
    before, after = saga.steps[:at], saga.steps[at:]
    yield "a step before the pivot has an undo", [s.name for s in before if not _can_be_undone(s)]
    yield "the pivot and what follows has no undo", [s.name for s in after if getattr(s, "undo", None)]
    yield "a wait after the pivot has no deadline", [s.name for s in after if isinstance(s, Await) and s.within]
    yield "a command says its type and has answers", list(_unanswerable(saga.steps))
    yield "an undo that a later fact can answer stands right before it", list(_far_from_fact(before))


def _can_be_undone(step: Step) -> bool:
    return isinstance(step, Await) or step.undo is not None


def _unanswerable(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        makers = [m for m in (step.do, step.undo) if m] if isinstance(step, Call) else []
        if not all(_commands(make) and all(c.yes for c in _commands(make)) for make in makers):
            yield step.name


def _far_from_fact(before: Sequence[Step]) -> Iterator[str]:
    """Turning forward skips the steps in between, so there must be none."""
    neighbours = set(pairwise(step.name for step in before))
    for at, step in enumerate(before):
        refusals = set(step.answers(back=True)[1]) if isinstance(step, Call) else set()
        for later in before[at + 1 :]:
            if isinstance(later, Await) and refusals & set(later.events):
                yield from () if (step.name, later.name) in neighbours else (step.name,)
