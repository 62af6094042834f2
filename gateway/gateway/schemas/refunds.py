"""Refunds and money that nothing explains, as operators see them and act on them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.money import Money
from shared.operating.schemas import LONGEST_NOTE
from shared.shapes import identifier, paragraphs, text


class PaidFrom(StrEnum):
    """From where money was sent by hand: the bank account, or the provider's merchant platform."""

    BANK = "bank"
    PROVIDER = "provider"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One number under which the provider was asked; `word` is the last thing that it said to it."""

    attempt_id: UUID
    position: int
    state: str
    word: str | None
    stalled_since: datetime | None
    unanswered_since: datetime | None
    asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What an operator says was moved by hand; it counts once it is confirmed."""

    paid_from: str
    proof: str
    note: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OperatedRefund:
    """A refund with its attempts. `why`: what it needs a person for; null when it needs none."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID | None
    amount: Money
    state: str
    asked_at: datetime
    why: str | None
    attempts: tuple[Attempt, ...]
    settlement: Settlement | None


@dataclass(frozen=True, kw_only=True)
class Unidentified:
    """Money that moved at a provider and that nothing explains: a `receipt` or a `refund`. `why` is a code."""

    unidentified_id: UUID
    kind: str
    why: str
    provider: str
    number: str
    out_trade_no: str
    provider_number: str
    amount: Money
    happened_at: datetime
    booked_at: datetime
    state: str
    settlement: Settlement | None


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """From where the money was sent, the number that proves it, and why."""

    paid_from: PaidFrom
    proof: str = identifier(100)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What unidentified money was, one of these: refunds that are owed, a payment, the receipt that went back.

    Refunds made by hand in several parts are assigned `together`, with the others of them.
    """

    refund_ids: tuple[UUID, ...] = text(50, 0, default=())
    together: tuple[UUID, ...] = text(50, 0, default=())
    payment_id: UUID | None = None
    receipt_id: UUID | None = None
    note: str = paragraphs(LONGEST_NOTE)
