"""What payments may be asked."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.operating.requests import LONGEST_NOTE
from shared.contracts.pages import ListRequest, Page
from shared.contracts.payments.payment_methods import PaymentMethod, PaymentMethodDetails
from shared.contracts.payments.views import (
    NotificationReceived,
    PaidFrom,
    Payment,
    PaymentDetails,
    RefundProgress,
    TrialBalance,
    UnidentifiedMoney,
)
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import identifier, paragraphs, raw, text

LONGEST_NOTIFICATION = 64 * 1024
MOST_ASSIGNED = 50  # refunds that a provider lets a payment have


@dataclass(frozen=True, kw_only=True)
class GetPayment(Request, answer=Payment, permission=Permission.PAYMENT_OWN):
    """Show the caller a payment of theirs, by its own id or by its checkout's."""

    payment_id: UUID | None = None
    checkout_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ListPaymentMethods(Request, answer=Page[PaymentMethod], permission=Permission.PUBLIC):
    """List the ways to pay that a checkout may choose."""


@dataclass(frozen=True, kw_only=True)
class ListPaymentMethodDetails(
    Request, answer=Page[PaymentMethodDetails], permission=Permission.PAYMENTS_READ, audit=False
):
    """List all ways to pay, with their provider, its custody of the money, and whether it is enabled here."""


@dataclass(frozen=True, kw_only=True)
class GetPaymentDetails(
    Request, answer=PaymentDetails, permission=Permission.PAYMENTS_READ, audit="payment.read", reads=True
):
    """Show a payment with its parts, captures, refunds, ledger entries and provider calls."""

    payment_id: UUID


@dataclass(frozen=True, kw_only=True)
class GetTrialBalance(Request, answer=TrialBalance, permission=Permission.LEDGER_READ, audit=False):
    """Show the balance of each account of the chart, and whether they add up to zero."""


@dataclass(frozen=True, kw_only=True)
class ListStalledRefunds(
    ListRequest,
    answer=Page[RefundProgress],
    permission=Permission.PAYMENTS_READ,
    audit="refund.list",
    reads=True,
):
    """List the refunds that need a person, the oldest first."""


@dataclass(frozen=True, kw_only=True)
class GetRefund(
    Request, answer=RefundProgress, permission=Permission.PAYMENTS_READ, audit="refund.read", reads=True
):
    """Show a refund with its attempts, whether or not it needs a person."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class RetryRefund(Request, answer=RefundProgress, permission=Permission.REFUNDS_SETTLE):
    """Ask the provider for a refund again at once."""

    refund_id: UUID
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class RefundByHand(Request):
    """A refund, from where a person sent its money, and the number that proves the transfer."""

    refund_id: UUID
    paid_from: PaidFrom
    proof: str = identifier(100)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class SettleRefund(RefundByHand, answer=RefundProgress, permission=Permission.REFUNDS_SETTLE):
    """Record that a person sent the money of a refund.

    Above an amount, or where the provider is silent for a week, it counts once a second operator confirms it.
    """


@dataclass(frozen=True, kw_only=True)
class ConfirmRefund(RefundByHand, answer=RefundProgress, permission=Permission.REFUNDS_SETTLE):
    """Confirm a settlement by hand as a second operator, with the source and the proof as seen."""


@dataclass(frozen=True, kw_only=True)
class ListUnidentified(
    ListRequest,
    answer=Page[UnidentifiedMoney],
    permission=Permission.PAYMENTS_READ,
    audit="unidentified.list",
    reads=True,
):
    """List the open unidentified money, which no payment or refund explains, the oldest first."""


@dataclass(frozen=True, kw_only=True)
class AssignUnidentified(Request, permission=Permission.RECEIPTS_ASSIGN):
    """Assign unidentified money to what explains it: refunds that are owed, a payment, or a receipt it sent back.

    Refunds made by hand in several parts are assigned `together`, with the others of them.
    """

    unidentified_id: UUID
    refund_ids: tuple[UUID, ...] = text(MOST_ASSIGNED, 0, default=())
    together: tuple[UUID, ...] = text(MOST_ASSIGNED, 0, default=())
    payment_id: UUID | None = None
    receipt_id: UUID | None = None
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class UnidentifiedByHand(Request):
    """Unidentified money, by which way it went back or came back, and the number that proves it."""

    unidentified_id: UUID
    paid_from: PaidFrom
    proof: str = identifier(100)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class ReturnUnidentified(UnidentifiedByHand, permission=Permission.RECEIPTS_ASSIGN):
    """Record that unidentified money went back, came back, or is written off.

    Above an amount it counts once a second operator confirms it.
    """


@dataclass(frozen=True, kw_only=True)
class ConfirmUnidentified(UnidentifiedByHand, permission=Permission.RECEIPTS_ASSIGN):
    """Confirm as a second operator that unidentified money went back, with the source and the proof as seen."""


@dataclass(frozen=True, kw_only=True)
class ReceiveProviderNotification(Request, answer=NotificationReceived, permission=Permission.PUBLIC):
    """Receive a notification of a payment provider as it came: headers, and body to the byte, for the signature.

    A repeated notification changes nothing and is answered the same. One that is not genuine is refused.
    """

    provider: str = identifier(40)
    headers: dict[str, str]
    body: str = raw(LONGEST_NOTIFICATION, shortest=0)
