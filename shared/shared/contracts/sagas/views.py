"""What operators see of sagas. Personal data is masked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class SagaStatus(StrEnum):
    """How a saga stands."""

    WAITING = "waiting"
    RUNNING = "running"
    UNDOING = "undoing"
    STUCK = "stuck"
    DONE = "done"
    UNDONE = "undone"


class SagaAction(StrEnum):
    """An operator action on a saga."""

    RESUME = "resume"
    SKIP = "skip"
    CANCEL = "cancel"


class SagaStepKind(StrEnum):
    """What a step does: change something here, send a command and await its answer, or await a fact."""

    LOCAL = "local"
    CALL = "call"
    AWAIT = "await"


class SagaInputKind(StrEnum):
    """What a saga was given: a message, a timer, the result of a local step, an operator action."""

    START = "start"
    RECEIVED = "received"
    TIMER_FIRED = "timer_fired"
    RAN = "ran"
    CANCEL = "cancel"
    RESUME = "resume"
    SKIP = "skip"


@dataclass(frozen=True, kw_only=True)
class SagaView:
    """A process over several services; `key` is the id of what it is about.

    `attempt` grows with every command and timer; an operator action names the one that was looked at. `tries` is
    how often the present command was sent.
    """

    saga_id: UUID
    name: str
    key: str
    version: int
    status: SagaStatus
    step: str | None
    attempt: int
    tries: int
    reason: str | None
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class SagaStep:
    """A step of a saga; behind its `pivot` it only goes forward."""

    name: str
    kind: SagaStepKind
    pivot: bool


@dataclass(frozen=True, kw_only=True)
class SagaPosition:
    """Where a saga stood."""

    status: SagaStatus
    step: str | None


@dataclass(frozen=True, kw_only=True)
class SagaInput:
    """What a saga was given. `data` is the message, or the saga's data as a local step left it."""

    kind: SagaInputKind
    topic: str | None
    in_reply_to: UUID | None
    attempt: int | None
    reason: str | None
    data: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class SagaTransition:
    """A move of a saga: what came in, from where to where, what it sent, who or what caused it."""

    at: datetime
    input: SagaInput
    before: SagaPosition | None
    after: SagaPosition
    sent: UUID | None
    cause: UUID | None
    actor: str
    note: str | None


@dataclass(frozen=True, kw_only=True)
class SagaCommand:
    """A command of a saga; all but its id is null once it is no longer kept, a week after it was sent."""

    message_id: UUID
    topic: str | None
    body: dict[str, Any] | None
    created_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class SagaMessage:
    """A message that a saga was given."""

    message_id: UUID | None
    topic: str
    body: dict[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SagaTimer:
    """The timer of the present attempt: it rings `at`, or `within` seconds after the broker has the command."""

    at: datetime | None
    within: int | None


@dataclass(frozen=True, kw_only=True)
class SagaTimeline(SagaView):
    """A saga, everything that happened to it, and the operator actions that fit now.

    `cancel_requested` is why its cancellation was requested, `undo` are the steps that may have happened, `met`
    the awaited facts that are known.
    """

    state: dict[str, Any]
    cancel_requested: str | None
    undo: tuple[str, ...]
    met: tuple[str, ...]
    steps: tuple[SagaStep, ...]
    transitions: tuple[SagaTransition, ...]
    sent: tuple[SagaCommand, ...]
    received: tuple[SagaMessage, ...]
    timer: SagaTimer | None
    operator_actions: tuple[SagaAction, ...]
    correlation_id: UUID | None
    trace_id: str | None
