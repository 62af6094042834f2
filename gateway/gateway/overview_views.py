"""The views of the operator's overview."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.composed import Service
from shared.contracts.operating.status import (
    DeadLetterCount,
    OutboxStatus,
    ProcessInstance,
    ProcessSettings,
    SagaCount,
)
from shared.contracts.users.audit_results import Audit


class ProcessState(StrEnum):
    """The state of a process that the system consists of.

    `unready`: a health check fails. `silent`: it no longer reports. `absent`: none has reported lately. `unknown`:
    its service, which knows, does not answer.
    """

    READY = "ready"
    UNREADY = "unready"
    SILENT = "silent"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class ProcessKind(StrEnum):
    """The kind of a process: a service answers requests and handles messages, a relay sends its messages."""

    SERVICE = "service"
    RELAY = "relay"
    WORKER = "worker"
    GATEWAY = "gateway"
    AUDITOR = "auditor"


@dataclass(frozen=True, kw_only=True)
class ProcessOverview:
    """A process of the manifest, in the best state of its instances; `since` is null if that is not known."""

    process: str
    kind: ProcessKind
    state: ProcessState
    since: datetime | None
    instances: tuple[ProcessInstance, ...]


@dataclass(frozen=True, kw_only=True)
class QueueOverview:
    """A queue: messages that wait (`ready`), are being handled (`unacknowledged`), were handled in a minute.

    What is not known is null: `ready` and `consumers` if the broker lacks the queue or does not answer, the others
    if no process reports them.
    """

    queue: str
    ready: int | None
    consumers: int | None
    unacknowledged: int | None
    handled_per_minute: int | None


@dataclass(frozen=True, kw_only=True)
class ServiceOverview:
    """The state of a service; of one that does not answer (`answers`), as it was at `answered_at`.

    `answered_at` is null if this gateway process has never had an answer; then everything else is null or empty.
    """

    service: Service
    answers: bool
    answered_at: datetime | None
    processes: tuple[ProcessOverview, ...]
    queues: tuple[QueueOverview, ...]
    outbox: OutboxStatus | None
    dead_letters: tuple[DeadLetterCount, ...] | None
    sagas: tuple[SagaCount, ...] | None


@dataclass(frozen=True, kw_only=True)
class RetryQueue:
    """A rung of the retry ladder, and the messages that wait in it; null if the broker does not tell."""

    queue: str
    waiting: int | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The state of the whole system; it is answered also while parts of it do not answer.

    `audit` is the last audit; null if this gateway process does not know one. Its state is `unknown` while the
    auditor is silent, or users does not answer.
    """

    at: datetime
    broker_answers: bool
    gateway: ProcessOverview
    auditor: ProcessOverview
    audit: Audit | None
    services: tuple[ServiceOverview, ...]
    retry_queues: tuple[RetryQueue, ...]


@dataclass(frozen=True, kw_only=True)
class ProcessSettingsOfService(ProcessSettings):
    """The settings that a running process has read since its start; `service` is null for the gateway."""

    service: Service | None


@dataclass(frozen=True, kw_only=True)
class SettingsOfProcesses:
    """The settings of all processes that report themselves; services that did not answer are `unanswered`."""

    items: tuple[ProcessSettingsOfService, ...]
    unanswered: tuple[Service, ...]
