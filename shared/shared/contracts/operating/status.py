"""The state of a service as it sees it: its processes, queues, outbox, dead letters and sagas."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.operating.views import DeadLetterState
from shared.contracts.pages import Page
from shared.contracts.sagas.views import SagaStatus
from shared.permissions import Permission
from shared.requests import Request


class InstanceState(StrEnum):
    """A running process: `unready` while one of its health checks fails, `silent` if it no longer reports."""

    READY = "ready"
    UNREADY = "unready"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class ProcessInstance:
    """A process as it reported itself last; `since` is since when its health checks have had this outcome."""

    process: str
    host: str
    state: InstanceState
    failing: tuple[str, ...]
    started_at: datetime
    since: datetime
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class QueueLoad:
    """What the service's processes have in hand of a queue, and handle in a minute; null if none reports it."""

    queue: str
    unacknowledged: int | None
    handled_per_minute: int | None


@dataclass(frozen=True, kw_only=True)
class OutboxStatus:
    """The unsent messages, counted up to 100,000: those due, and those that cannot be sent (`failed`).

    `due_since` is since when the oldest one is due. `sent_last_minute` were confirmed by the broker.
    """

    due: int
    due_since: datetime | None
    failed: int
    sent_last_minute: int


@dataclass(frozen=True, kw_only=True)
class DeadLetterCount:
    """The number of dead letters in a state, and when the oldest of them arrived."""

    state: DeadLetterState
    number: int
    oldest_at: datetime


@dataclass(frozen=True, kw_only=True)
class SagaCount:
    """The sagas of a name in a status: when the oldest began, and since when one of them has not moved.

    Of those that ended only the last hour is counted.
    """

    name: str
    status: SagaStatus
    number: int
    oldest_started_at: datetime
    unmoved_since: datetime


@dataclass(frozen=True, kw_only=True)
class ServiceStatus:
    """The state of a service at a time."""

    at: datetime
    instances: tuple[ProcessInstance, ...]
    queues: tuple[QueueLoad, ...]
    outbox: OutboxStatus
    dead_letters: tuple[DeadLetterCount, ...]
    sagas: tuple[SagaCount, ...]


@dataclass(frozen=True, kw_only=True)
class GetServiceStatus(Request, answer=ServiceStatus, permission=Permission.STATUS_READ, audit=False):
    """Show the state of a service: processes, queues, outbox, dead letters, sagas."""


class SettingSource(StrEnum):
    """Where the value of a setting comes from; of one from a file only that it is set is shown."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class ProcessSetting:
    """A setting that a process has read; of a confidential one only that it is set is shown (`value` is null)."""

    name: str
    source: SettingSource
    value: str | None


@dataclass(frozen=True, kw_only=True)
class ProcessSettings:
    """The settings that a running process has read since its start."""

    process: str
    host: str
    started_at: datetime
    settings: tuple[ProcessSetting, ...]


@dataclass(frozen=True, kw_only=True)
class GetServiceSettings(Request, answer=Page[ProcessSettings], permission=Permission.STATUS_READ, audit=False):
    """Show the settings of a service's running processes."""
