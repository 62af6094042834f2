"""The shapes of what payments is asked, and of what it answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from payments.domain.settlements import PaidFrom
from shared.money import Money
from shared.operating.schemas import LONGEST_NOTE
from shared.shapes import identifier, paragraphs, raw, text, timestamp, whole


@dataclass(frozen=True, kw_only=True)
class WhichPayment:
    """A payment, by its own id or by its checkout's."""

    payment_id: UUID | None = None
    checkout_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ThisPayment:
    """A payment by its id."""

    payment_id: UUID


@dataclass(frozen=True, kw_only=True)
class OfCapture:
    """Money that came in, by its id."""

    capture_id: UUID


@dataclass(frozen=True, kw_only=True)
class Until:
    """The books as of a posting; ids of postings are ordered by time."""

    until: UUID


@dataclass(frozen=True, kw_only=True)
class AskedBefore:
    """What was asked for before this moment has been under way for too long."""

    asked_before: datetime = timestamp()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A provider's notification as it came: headers, and the body to the byte, for its signature."""

    headers: dict[str, str]
    body: str = raw(64 * 1024, shortest=0)


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """A payment as its buyer sees it; there is a code_url while it can be paid by one."""

    payment_id: UUID
    checkout_id: UUID
    state: str
    method: str
    amount: Money
    code_url: str | None
    expires_at: datetime
    captured_at: datetime | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class PartView:
    """One order's share of a payment."""

    order_id: UUID
    shop_id: UUID
    amount: Money
    receivable: Money
    captured: Money
    refunded: Money
    written_off: Money


@dataclass(frozen=True, kw_only=True)
class CaptureView:
    """Money that came in."""

    capture_id: UUID
    provider: str
    transaction_id: str
    attempt_id: UUID
    amount: Money
    standing: str
    captured_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundView:
    """Money on its way back; without an order it is money that was not kept."""

    refund_id: UUID
    order_id: UUID | None
    amount: Money
    tender: str
    state: str
    reason: str
    failure: str | None
    asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One line of a posting; a debit is positive."""

    posting: str
    posted_at: datetime
    account: str
    amount: Money
    order_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CallView:
    """What a provider is asked; without `due_at` it need not be asked (again)."""

    kind: str
    key: UUID
    tries: int
    due_at: datetime | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class WholePayment:
    """A payment as an operator sees it."""

    payment: PaymentView
    parts: list[PartView]
    captures: list[CaptureView]
    refunds: list[RefundView]
    entries: list[EntryView]
    calls: list[CallView]


@dataclass(frozen=True, kw_only=True)
class AccountBalance:
    """An account of the chart, over all shops. Assets are positive, liabilities negative."""

    account: str
    balance: Money


@dataclass(frozen=True, kw_only=True)
class TrialBalance:
    """All accounts; `balanced` when they add up to zero in each currency."""

    accounts: list[AccountBalance]
    balanced: bool


MOST_ASSIGNED = 50  # refunds that a provider lets a payment have


@dataclass(frozen=True, kw_only=True)
class Page:
    """`limit` items after `cursor`, the `next` of the page before."""

    cursor: UUID | None = None
    limit: int = whole(1, 100, default=20)


@dataclass(frozen=True, kw_only=True)
class ThisRefund:
    """A refund by its id."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundNote:
    """A refund, and why something is done about it."""

    refund_id: UUID
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class SettleRefund(RefundNote):
    """From where a person sent the money, and how to prove it: the number of the transfer, or of the refund."""

    paid_from: PaidFrom
    proof: str = identifier(100)


@dataclass(frozen=True, kw_only=True)
class UnidentifiedNote:
    """Unidentified money, and why something is done about it."""

    unidentified_id: UUID
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class AssignUnidentified(UnidentifiedNote):
    """What it was, one of these: refunds that are owed, a payment, or the receipt that went back by it.

    Refunds made by hand in several parts are assigned `together`, with the others of them.
    """

    refund_ids: tuple[UUID, ...] = text(MOST_ASSIGNED, 0, default=())
    together: tuple[UUID, ...] = text(MOST_ASSIGNED, 0, default=())
    payment_id: UUID | None = None
    receipt_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnUnidentified(UnidentifiedNote):
    """How it went back, or came back, and how to prove it."""

    paid_from: PaidFrom
    proof: str = identifier(100)


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    """One number under which the provider was asked; `word` is the last thing that it said to it."""

    attempt_id: UUID
    position: int
    state: str
    word: str | None
    stalled_since: datetime | None
    unanswered_since: datetime | None
    asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class SettlementView:
    """What a person says that he moved by hand; it counts once it is confirmed."""

    paid_from: str
    proof: str
    note: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OperatedRefund:
    """A refund as an operator sees it. `why`: what it needs a person for; null when it needs none."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID | None
    amount: Money
    state: str
    asked_at: datetime
    why: str | None
    attempts: list[AttemptView]
    settlement: SettlementView | None


@dataclass(frozen=True, kw_only=True)
class UnidentifiedView:
    """Money that moved at a provider and that nothing of ours explains; `why` is a stable code."""

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
    settlement: SettlementView | None
