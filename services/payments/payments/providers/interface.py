"""The interface of a payment provider.

All methods but read_notification use the network: never call them inside a database transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from shared.contracts.payments.pay_actions import PayAction
from shared.money import Money
from shared.provider_calls import outcomes
from shared.provider_calls.outcomes import ProviderSilent

__all__ = ["ProviderSilent"]


class ProviderFailure(StrEnum):
    """Why a provider refused a call. Its adapter maps each of the provider's codes to one of these."""

    ALREADY_PAID = "already_paid"
    ALREADY_CLOSED = "already_closed"
    NUMBER_IN_USE = "number_in_use"  # for another amount or description
    NOT_FOUND = "not_found"
    PAYER_ACCOUNT_UNAVAILABLE = "payer_account_unavailable"
    BALANCE_INSUFFICIENT = "balance_insufficient"  # the merchant's at the provider
    AMOUNT_INVALID = "amount_invalid"
    REQUEST_INVALID = "request_invalid"
    RATE_LIMITED = "rate_limited"
    NOT_PERMITTED = "not_permitted"  # to this merchant
    NOT_SUPPORTED = "not_supported"  # by this provider
    REJECTED = "rejected"  # for any other reason


AT_THE_PROVIDER = frozenset(
    {ProviderFailure.ALREADY_PAID, ProviderFailure.ALREADY_CLOSED, ProviderFailure.NUMBER_IN_USE}
)


class ProviderRefused(outcomes.ProviderRefused):
    """The provider refused the call; a retry gets the same refusal.

    `failure` is the reason as a code of payments; the text has the provider's own code and message, for operators.
    """

    def __init__(self, failure: ProviderFailure, code: str = "", detail: str = "") -> None:
        super().__init__(failure, f"{code}: {detail}" if code else "")
        self.failure = failure

    @property
    def is_at_the_provider(self) -> bool:
        """Whether an opening was refused because the provider already has the payment, in any state."""
        return self.failure in AT_THE_PROVIDER


class ForgedNotification(Exception):
    """The notification is not from the provider, is too old, or is for another merchant."""


class PaymentState(StrEnum):
    """The state of a payment at the provider."""

    OPEN = "open"
    FAILED = "failed"  # the last try failed; it can be paid until it is closed
    PAID = "paid"  # also if part of it was refunded since
    CLOSED = "closed"


class RefundState(StrEnum):
    """The state of a refund at the provider."""

    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    ABNORMAL = "abnormal"  # the payer's account cannot receive it; an operator has to act at the provider
    CLOSED = "closed"  # no money moved


class CloseResult(StrEnum):
    """The result of closing a payment."""

    CLOSED = "closed"
    PAID = "paid"  # it was paid before it could be closed
    ABSENT = "absent"  # unknown there; an opening in progress may still create it


@dataclass(frozen=True, kw_only=True)
class ProviderPayment:
    """A payment at the provider; `amount`, `transaction_id` and `paid_at` (aware) are set once it is paid.

    `payer_total` is what the payer paid: less than `amount` if a discount of the provider covers the rest. `ours`:
    it was paid in our app, not in another app of the same merchant account.
    """

    out_trade_no: str
    state: PaymentState
    amount: Money | None = None
    payer_total: Money | None = None
    ours: bool = True
    transaction_id: str | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ProviderRefund:
    """A refund at the provider; `refunded_at` (aware) is set once the money has arrived."""

    out_refund_no: str
    out_trade_no: str
    refund_id: str
    state: RefundState
    amount: Money
    refunded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A genuine notification of the provider. It may arrive repeatedly, late or out of order; `id` identifies it.

    `about` is None if it cannot be read. `document` is its content without the payer.
    """

    id: str
    about: ProviderPayment | ProviderRefund | None
    document: Mapping[str, Any] = field(default_factory=dict)


class Provider(Protocol):
    """An adapter. The numbers are our own, of 32 characters.

    Each method may raise ProviderRefused or ProviderSilent (no response, so the outcome is unknown).
    """

    def open(self, out_trade_no: str, description: str, amount: Money, expires_at: datetime) -> PayAction:
        """Return what the payer does to pay; repeated, the call returns the same.

        Raises ProviderRefused with `is_at_the_provider` for a payment that is already paid or closed: query it.
        """

    def query(self, out_trade_no: str) -> ProviderPayment | None:
        """Return the payment at the provider, or None if it is unknown there."""

    def close(self, out_trade_no: str) -> CloseResult:
        """Close the payment, so that it can no longer be paid."""

    def refund(
        self, out_refund_no: str, out_trade_no: str, amount: Money, total: Money, reason: str
    ) -> ProviderRefund:
        """Refund `amount` of the `total` paid, once per `out_refund_no` however often it is called."""

    def query_refund(self, out_refund_no: str) -> ProviderRefund | None:
        """Return the refund at the provider, or None if it is unknown there."""

    def read_notification(self, headers: Mapping[str, str], body: str) -> Notification:
        """Return the notification; raises ForgedNotification if it is not the provider's."""
