"""What operators see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.schemas.lists import Page
from gateway.schemas.orders import Payment
from shared.money import Money
from shared.shapes import text


@dataclass(frozen=True, kw_only=True)
class SagaSearch(Page):
    """Sagas of one kind, in one status."""

    name: str | None = text(100, default=None)
    status: str | None = text(20, default=None)


@dataclass(frozen=True, kw_only=True)
class Saga:
    """A process over several services; `key` is the id of what it is about."""

    saga_id: UUID
    name: str
    key: str
    version: int
    status: str
    step: str | None
    asked: Any
    reason: str | None
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class SagaTimeline(Saga):
    """A saga with its steps and everything that happened to it."""

    state: Any
    steps: tuple[Any, ...]
    transitions: tuple[Any, ...]


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
class Received:
    """A callback was taken in."""

    code: str
