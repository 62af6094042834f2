"""One saga under way, what can happen to it, and what follows: plain values.

The words of a status:
waiting  another saga holds what this one needs
running  going forward, step by step
undoing  going back: the steps that may have happened are undone from the last, one after another
stuck    an undo or a step behind the pivot was refused for good: a person must look
done     came to its end; undone: everything it may have done is undone
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from shared.messages import Command, Event
from shared.sagas.definition import State


class Status(StrEnum):
    """How a saga stands."""

    WAITING = "waiting"
    RUNNING = "running"
    UNDOING = "undoing"
    STUCK = "stuck"
    DONE = "done"
    UNDONE = "undone"


ENDED = (Status.DONE, Status.UNDONE)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One saga under way.

    step      where it stands; none before the first step and after the end
    attempt   grows with every command and every clock: an answer or timer of an earlier one moves nothing
    tries     how often the present command was sent
    awaiting  message id of the present command
    undo      the steps that may have happened, first to last
    met       awaited facts that are known already
    reason    why it goes or went back; cancel_requested: why its cancellation was requested
    """

    saga_id: UUID
    key: str
    state: State
    version: int = 1
    status: Status = Status.WAITING
    step: str | None = None
    attempt: int = 0
    tries: int = 0
    awaiting: UUID | None = None
    undo: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    reason: str | None = None
    cancel_requested: str | None = None


@dataclass(frozen=True)
class Received:
    """A message came; `answers` is the command that it replies to, none for a fact."""

    event: Event
    answers: UUID | None = None


@dataclass(frozen=True)
class TimerFired:
    """A timer ran out. Attempt 0 tells a waiting saga that it has its locks."""

    attempt: int


@dataclass(frozen=True)
class Ran:
    """A local step was run; `state` is what it changed, none when nothing."""

    state: State | None = None


@dataclass(frozen=True)
class Cancel:
    """Somebody does not want it any more."""

    reason: str


@dataclass(frozen=True)
class Resume:
    """An operator has it ask again."""


@dataclass(frozen=True)
class Skip:
    """An operator has seen to the present step by other means."""


Input = Received | TimerFired | Ran | Cancel | Resume | Skip


@dataclass(frozen=True)
class Publish:
    """Say a command; its receiver refuses it `within` (none: never), and wake the saga `after`."""

    command: Command
    within: timedelta | None
    after: timedelta


@dataclass(frozen=True)
class Run:
    """Run a local step, forward or back, and report `Ran`."""

    step: str
    back: bool


@dataclass(frozen=True)
class Wake:
    """Wake the saga after a while."""

    after: timedelta


@dataclass(frozen=True)
class HandOver:
    """A wish to cancel lost against the pivot: what was made must be cancelled by other means."""

    reason: str


@dataclass(frozen=True)
class Alarm:
    """A person should look."""

    step: str
    text: str


@dataclass(frozen=True)
class End:
    """It is over: free its locks."""


Effect = Publish | Run | Wake | HandOver | Alarm | End
