"""The shapes of what payments is asked, and of what it answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.money import Money
from shared.shapes import raw, timestamp


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
