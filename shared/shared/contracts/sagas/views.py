"""The answers about sagas for operators. Personal data is masked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class SagaStatus(StrEnum):
    """The status of a saga."""

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


class SagaActionRefusal(StrEnum):
    """Why an operator action is not possible now.

    `ended`: the saga has. `waits_for_saga`: another one holds what it needs. `awaits_event`: its step sends
    nothing. `command_expires`: the command is sent once, with a deadline. `at_pivot`: only the participant knows
    whether it was carried out. `moves_money`: only the ledger's service can record that. `pivot_reached`: it only
    goes forward. `undoing`: it is being undone already.
    """

    ENDED = "ended"
    WAITS_FOR_SAGA = "waits_for_saga"
    AWAITS_EVENT = "awaits_event"
    COMMAND_EXPIRES = "command_expires"
    AT_PIVOT = "at_pivot"
    MOVES_MONEY = "moves_money"
    PIVOT_REACHED = "pivot_reached"
    UNDOING = "undoing"


class SagaStepKind(StrEnum):
    """What a step does: run locally, send a command and await its reply, or await an event."""

    LOCAL = "local"
    CALL = "call"
    AWAIT = "await"


class SagaInputKind(StrEnum):
    """The kind of a saga's input: a message, a timer, the result of a local step, an operator action."""

    START = "start"
    RECEIVED = "received"
    TIMER_FIRED = "timer_fired"
    RAN = "ran"
    CANCEL = "cancel"
    RESUME = "resume"
    SKIP = "skip"


@dataclass(frozen=True, kw_only=True)
class SagaView:
    """A process over several services; `key` is the id of its object.

    `attempt` grows with every command and timer; an operator action names the one it applies to. `tries` is how
    often the current command was sent.
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
    """A step of a saga; after its `pivot` a saga only goes forward.

    `sends` and `undo_sends` are the topics of its commands, `awaits` those of the events that end it. `within` are
    the seconds for an answer or event, null without a limit. `has_undo`: it is undone if the saga is.
    """

    name: str
    kind: SagaStepKind
    pivot: bool
    sends: tuple[str, ...]
    undo_sends: tuple[str, ...]
    awaits: tuple[str, ...]
    within: int | None
    has_undo: bool


@dataclass(frozen=True, kw_only=True)
class SagaPosition:
    """A saga's status and step."""

    status: SagaStatus
    step: str | None


@dataclass(frozen=True, kw_only=True)
class SagaInput:
    """An input of a saga. `data` is the message, or the saga's data after a local step."""

    kind: SagaInputKind
    topic: str | None
    in_reply_to: UUID | None
    attempt: int | None
    reason: str | None
    data: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class SagaTransition:
    """A transition of a saga: its input, the positions before and after, the command sent, and the cause."""

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
    """A command of a saga; all fields but its id are null once it is deleted, a week after it was sent."""

    message_id: UUID
    topic: str | None
    body: dict[str, Any] | None
    created_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class SagaMessage:
    """A message that a saga received."""

    message_id: UUID | None
    topic: str
    body: dict[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SagaTimer:
    """The timer of the current attempt: it fires `at`, or `within` seconds after the broker has the command."""

    at: datetime | None
    within: int | None


@dataclass(frozen=True, kw_only=True)
class RefusedAction:
    """An operator action that is not possible now, and why."""

    action: SagaAction
    because: SagaActionRefusal


@dataclass(frozen=True, kw_only=True)
class SagaHeld:
    """A resource that a waiting saga needs, and the saga that holds it."""

    resource: str
    saga_id: UUID


@dataclass(frozen=True, kw_only=True)
class SagaTimeline(SagaView):
    """A saga with its history, and the operator actions that are possible now, or why not.

    `cancel_requested` is the reason of a requested cancellation, `undo` are the steps that may have been executed,
    `met` the awaited events that have arrived.
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
    refused_actions: tuple[RefusedAction, ...]
    waits_for: tuple[SagaHeld, ...]
    correlation_id: UUID | None
    trace_id: str | None
