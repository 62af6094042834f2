"""The requests that payments answers."""

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
    ReturnedMoney,
    TrialBalance,
    UnidentifiedMoney,
)
from shared.permissions import Permission
from shared.requests import Cached, Request
from shared.shapes import identifier, paragraphs, raw, text

LONGEST_NOTIFICATION = 64 * 1024
MOST_ASSIGNED = 50  # the refunds of a payment that a provider allows


@dataclass(frozen=True, kw_only=True)
class GetPayment(Request, answer=Payment, permission=Permission.PAYMENT_OWN, cached=Cached(by=("payment_id",))):
    """Show a payment of the caller, by its id or its checkout's."""

    payment_id: UUID | None = None
    checkout_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ListReturnedMoney(Request, answer=Page[ReturnedMoney], permission=Permission.PAYMENT_OWN):
    """List the money that came too late, twice or with a wrong amount; it is returned automatically."""

    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListPaymentMethods(Request, answer=Page[PaymentMethod], permission=Permission.PUBLIC):
    """List the payment methods that a checkout can choose."""


@dataclass(frozen=True, kw_only=True)
class ListPaymentMethodDetails(
    Request, answer=Page[PaymentMethodDetails], permission=Permission.PAYMENTS_READ, audit=False
):
    """List all payment methods, with their provider, the custody of the money, and whether they are enabled."""


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
    """List the refunds that need an operator, oldest first."""


@dataclass(frozen=True, kw_only=True)
class GetRefund(
    Request, answer=RefundProgress, permission=Permission.PAYMENTS_READ, audit="refund.read", reads=True
):
    """Show a refund with its attempts, whether or not it needs an operator."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class RetryRefund(Request, answer=RefundProgress, permission=Permission.REFUNDS_SETTLE):
    """Retry a refund at the provider at once."""

    refund_id: UUID
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class RefundByHand(Request):
    """A refund that was paid by hand: from where, and the number that proves the transfer."""

    refund_id: UUID
    paid_from: PaidFrom
    proof: str = identifier(100)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class SettleRefund(RefundByHand, answer=RefundProgress, permission=Permission.REFUNDS_SETTLE):
    """Record that a refund was paid by hand.

    Above an amount, or if the provider has not responded for a week, a second operator must confirm it.
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
    """List the open unidentified money, which no payment or refund explains, oldest first."""


@dataclass(frozen=True, kw_only=True)
class AssignUnidentified(Request, permission=Permission.RECEIPTS_ASSIGN):
    """Assign unidentified money to what explains it: due refunds, a payment, or a receipt that it refunded.

    If a refund was made by hand in several parts, `together` are the other parts.
    """

    unidentified_id: UUID
    refund_ids: tuple[UUID, ...] = text(MOST_ASSIGNED, 0, default=())
    together: tuple[UUID, ...] = text(MOST_ASSIGNED, 0, default=())
    payment_id: UUID | None = None
    receipt_id: UUID | None = None
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class UnidentifiedByHand(Request):
    """Unidentified money that was returned by hand: which way, and the number that proves it."""

    unidentified_id: UUID
    paid_from: PaidFrom
    proof: str = identifier(100)
    note: str = paragraphs(LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class ReturnUnidentified(UnidentifiedByHand, permission=Permission.RECEIPTS_ASSIGN):
    """Record that unidentified money was returned, was paid back, or is written off.

    Above an amount, a second operator must confirm it.
    """


@dataclass(frozen=True, kw_only=True)
class ConfirmUnidentified(UnidentifiedByHand, permission=Permission.RECEIPTS_ASSIGN):
    """Confirm as a second operator that unidentified money was returned, with the source and the proof as seen."""


@dataclass(frozen=True, kw_only=True)
class ReceiveProviderNotification(Request, answer=NotificationReceived, permission=Permission.PUBLIC):
    """Receive a notification of a payment provider: headers and the exact body, for the signature.

    A repeated notification has no effect and gets the same answer. One with an invalid signature is refused.
    """

    provider: str = identifier(40)
    headers: dict[str, str]
    body: str = raw(LONGEST_NOTIFICATION, shortest=0)
