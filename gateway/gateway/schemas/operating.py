"""What operators see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from gateway.schemas.lists import Page
from gateway.schemas.orders import Payment
from shared.money import Money
from shared.operating.schemas import LONGEST_NOTE, LetterState
from shared.shapes import identifier, paragraphs, raw, text, whole


class Sorting(StrEnum):
    """Which come first, by when they began."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, kw_only=True)
class SagaSearch(Page):
    """Sagas of one kind, about one thing (`key`), in one status; `resting_for` so many seconds without a move."""

    name: str | None = text(100, default=None)
    key: str | None = text(100, default=None)
    status: str | None = text(20, default=None)
    resting_for: int | None = whole(0, 10_000_000, default=None)
    order: Sorting = Sorting.NEWEST


@dataclass(frozen=True, kw_only=True)
class Saga:
    """A process over several services; `key` is the id of what it is about."""

    saga_id: UUID
    name: str
    key: str
    version: int
    status: str
    step: str | None
    attempt: int
    asked: int
    reason: str | None
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A command of a saga; all but its id is null once it is no longer kept, a week after it was sent."""

    message_id: UUID
    topic: str | None
    body: Any
    said_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A message that a saga was told."""

    message_id: UUID | None
    topic: str
    body: Any
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Timer:
    """It rings `at`, or so many seconds after the broker has the command."""

    at: datetime | None
    within: Any


@dataclass(frozen=True, kw_only=True)
class SagaTimeline(Saga):
    """A saga, everything that happened to it, and the buttons it `offers`. Personal data is masked."""

    state: Any
    wish: str | None
    undo: tuple[str, ...]
    met: tuple[str, ...]
    steps: tuple[Any, ...]
    transitions: tuple[Any, ...]
    sent: tuple[Sent, ...]
    received: tuple[Heard, ...]
    timer: Timer | None
    offers: tuple[str, ...]
    correlation_id: UUID | None
    trace_id: str | None


@dataclass(frozen=True, kw_only=True)
class Button:
    """A click on a saga's button: why, and the `attempt` of the saga that was looked at."""

    attempt: int = whole(0, 2**31 - 1)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class AccountBalance:
    """An account of the chart; assets are positive, liabilities negative."""

    account: str
    balance: Money


@dataclass(frozen=True, kw_only=True)
class TrialBalance:
    """All accounts of the ledger; `balanced` when they add up to zero in each currency."""

    accounts: tuple[AccountBalance, ...]
    balanced: bool


@dataclass(frozen=True, kw_only=True)
class WholePayment:
    """Everything known of a payment."""

    payment: Payment
    parts: tuple[Any, ...]
    captures: tuple[Any, ...]
    refunds: tuple[Any, ...]
    entries: tuple[Any, ...]
    calls: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class LetterSearch(Page):
    """Dead letters of a service, state, topic or exception; of all services together without one."""

    service: str | None = text(20, default=None)
    state: LetterState | None = None
    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message that its consumer gave up, and why. `retried`: how often somebody had it tried again before."""

    service: str
    letter_id: UUID
    message_id: UUID | None
    topic: str
    queue: str
    handler: str | None
    exception: str | None
    message: str | None
    attempts: int | None
    retried: int
    first_failed_at: datetime | None
    last_failed_at: datetime | None
    host: str | None
    arrived_at: datetime
    state: LetterState
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, kw_only=True)
class WholeLetter(Letter):
    """A dead letter with what it says: `body`, or `text` where it is no JSON. Personal data is masked."""

    headers: Any
    body: Any
    text: str | None
    stack: str | None


@dataclass(frozen=True, kw_only=True)
class Letters:
    """A page of dead letters; services that did not answer are `unanswered`."""

    items: tuple[Letter, ...]
    next: str | None
    unanswered: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What there is to say about it."""

    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why it is done: it is needed, and kept."""

    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class CarrierReport:
    """A carrier's report that fits several shops' `parcels`; it moves none of them until somebody has decided."""

    report_id: UUID
    carrier: str
    tracking_number: str
    event: str
    at: datetime
    place: str
    text: str
    received_at: datetime
    parcels: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class ReportDecision:
    """The parcel that the report was about, null for none of ours, and why."""

    parcel_id: UUID | None
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class LettersToRetry:
    """Which open letters to try again: of a topic, an exception, or all. `cursor` is the `next` of an answer."""

    topic: str | None = identifier(100, default=None)
    exception: str | None = text(200, default=None)
    cursor: str | None = raw(80, default=None)
    note: str = paragraphs(LONGEST_NOTE, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class LettersRetried:
    """How many are tried again, and how many stay because nobody can read them; `next`: there are more."""

    service: str
    retried: int
    unreadable: int
    next: str | None


@dataclass(frozen=True, kw_only=True)
class LogSearch(Page):
    """The operator log of a service, or of all; of an action, or of what it was done to."""

    service: str | None = text(20, default=None)
    about: str | None = text(100, default=None)
    action: str | None = text(100, default=None)


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """Who did what to what, why, and how it stood before and after."""

    service: str
    entry_id: UUID
    at: datetime
    actor: str
    action: str
    about: str
    note: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Log:
    """A page of the operator log; services that did not answer are `unanswered`."""

    items: tuple[LogEntry, ...]
    next: str | None
    unanswered: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Received:
    """A callback was taken in."""

    code: str
