"""Every path that a saga can take, as a generic test of any definition.

At each call the participant accepts, refuses or does not answer; at each wait the event arrives or not; the saga
may be cancelled at any time. Each path must end, and the steps done before the pivot must be undone in reverse
order, exactly once each, or not at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shared.messages import Event
from shared.sagas.conversation import Changes, Conversation
from shared.sagas.core import can_be_cancelled
from shared.sagas.definition import Await, Call, Saga, State
from shared.sagas.instance import ENDED, Status
from shared.sagas.transitions import is_undoing

Choices = tuple[str, ...]


@dataclass
class SagaPath:
    """The choices of a path, and the steps that may have happened and those that were undone, in order."""

    talk: Conversation
    choices: Choices
    happened: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    turned_forward: bool = False

    @property
    def status(self) -> Status:
        return self.talk.now.status

    def check(self) -> None:
        """Raise AssertionError, with the choices, if the path breaks a rule."""
        if self.status is Status.UNDONE:
            assert self.undone == self.happened[::-1], f"{self.choices}: {self.happened} undone as {self.undone}"
        elif self.status is Status.DONE and not self.turned_forward:
            assert not self.undone, f"{self.choices}: done, and {self.undone} undone"
        elif self.status is Status.STUCK:
            assert self.choices[-1] == "no", f"{self.choices}: stuck without a refusal"
            assert self.talk.alarms, f"{self.choices}: stuck without an alarm"


def every_path(
    saga: Saga,
    state: State,
    facts: Mapping[str, Event],
    changes: Changes | None = None,
) -> Iterator[SagaPath]:
    """Yield every path; `facts` maps each awaited step to the event that ends the wait."""
    pending: list[Choices] = [()]
    while pending:
        choices = pending.pop()
        path = _replay(SagaPath(Conversation(saga, state, changes), choices), facts)
        if path.status in ENDED or path.status is Status.STUCK:
            yield path
        else:
            pending += [(*choices, choice) for choice in _possible(path)]


def _replay(path: SagaPath, facts: Mapping[str, Event]) -> SagaPath:
    _note_locals(path)
    for choice in path.choices:
        _choose(path, choice, facts)
        _note_locals(path)
    return path


def _choose(path: SagaPath, choice: str, facts: Mapping[str, Event]) -> None:
    talk, step, back = path.talk, str(path.talk.now.step), is_undoing(path.talk.saga, path.talk.now)
    is_call = isinstance(talk.saga.step(step), Call)
    match choice:
        case "yes" | "no":
            talk.told_yes() if choice == "yes" else talk.told_no()
        case "fact":
            talk.consumes(facts[step])
        case "timeout":
            talk.told_nothing()
        case "cancel":
            talk.cancelled()
    forward = back and talk.now.status in (Status.RUNNING, Status.DONE)
    path.turned_forward |= forward
    _note_call(path, step, choice, back=back) if is_call and not forward else None


def _note_call(path: SagaPath, step: str, choice: str, *, back: bool) -> None:
    if back and choice == "yes":
        path.undone.append(step)
    elif choice == "no" and not back and step in path.happened:  # refused after a timeout
        path.happened.remove(step)
    elif not back and choice in ("yes", "timeout", "cancel") and step not in path.happened:
        path.happened.append(step)


def _note_locals(path: SagaPath) -> None:
    for ran in path.talk.ran:
        undo, _, step = ran.rpartition(" ")
        (path.undone if undo else path.happened).append(step)
    path.talk.ran = []


def _possible(path: SagaPath) -> list[str]:
    now, saga = path.talk.now, path.talk.saga
    step = saga.step(str(now.step))
    cancellation = ["cancel"] if can_be_cancelled(saga, now) and "cancel" not in path.choices else []
    if isinstance(step, Await):
        return ["fact", *(["timeout"] if step.within else []), *cancellation]
    refusal = ["no"] if path.talk.command and type(path.talk.command).no else []
    return ["yes", *refusal, *(["timeout"] if now.tries < 2 else []), *cancellation]
