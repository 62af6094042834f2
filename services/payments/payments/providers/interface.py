"""What payments needs of a payment provider, in payments' words.

All but read_notification go over the network: never call them inside a database transaction.
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
    """Why a provider refused a call. Its adapter chooses one for each of the provider's own codes."""

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
    """The provider understood and said no; asking again changes nothing.

    `failure` is what payments goes by; the text holds the provider's own code and message too, for operators.
    """

    def __init__(self, failure: ProviderFailure, code: str = "", detail: str = "") -> None:
        super().__init__(failure, f"{code}: {detail}" if code else "")
        self.failure = failure

    @property
    def is_at_the_provider(self) -> bool:
        """Whether an opening was refused because the provider has the payment already, in whatever state."""
        return self.failure in AT_THE_PROVIDER


class ForgedNotification(Exception):
    """This does not come from the provider, is too old, or is meant for somebody else."""


class PaymentState(StrEnum):
    """A payment as the provider has it."""

    OPEN = "open"
    FAILED = "failed"  # the last try failed; it can be paid until it is closed
    PAID = "paid"  # also when some of it was refunded since
    CLOSED = "closed"


class RefundState(StrEnum):
    """A refund as the provider has it."""

    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    ABNORMAL = "abnormal"  # the payer's account does not take it; a person has to act at the provider
    CLOSED = "closed"  # no money moved


class CloseResult(StrEnum):
    """What closing a payment came to."""

    CLOSED = "closed"
    PAID = "paid"  # the money was faster
    ABSENT = "absent"  # never seen there; an opening still under way could yet create it


@dataclass(frozen=True, kw_only=True)
class ProviderPayment:
    """One payment at the provider; amount, `transaction_id` and `paid_at` (aware) are there once it is paid.

    `payer_total` is what the payer himself paid: less than `amount` if a discount of the provider paid the rest.
    `ours`: it was paid in our app; another app of the same merchant brings money to the same account.
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
    """One refund at the provider; `refunded_at` (aware) is there once the money arrived."""

    out_refund_no: str
    out_trade_no: str
    refund_id: str
    state: RefundState
    amount: Money
    refunded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A genuine report from the provider. It may come twice, late, or after a newer one; `id` tells repeats.

    `about` is None for one that we cannot read. `document` is what came, without the payer.
    """

    id: str
    about: ProviderPayment | ProviderRefund | None
    document: Mapping[str, Any] = field(default_factory=dict)


class Provider(Protocol):
    """What an adapter does. Numbers are 32 characters, ours.

    Each method may raise ProviderRefused or ProviderSilent.
    """

    def open(self, out_trade_no: str, description: str, amount: Money, expires_at: datetime) -> PayAction:
        """Return what the payer does to pay; the same call again is harmless and returns the same.

        One that is paid or closed already is refused as such: query it.
        """

    def query(self, out_trade_no: str) -> ProviderPayment | None:
        """Return the payment as the provider has it, or None when it never heard of it."""

    def close(self, out_trade_no: str) -> CloseResult:
        """Let nobody pay any more."""

    def refund(
        self, out_refund_no: str, out_trade_no: str, amount: Money, total: Money, reason: str
    ) -> ProviderRefund:
        """Send `amount` of the `total` paid back, once per `out_refund_no` however often it is called."""

    def query_refund(self, out_refund_no: str) -> ProviderRefund | None:
        """Return the refund as the provider has it, or None when it never heard of it."""

    def read_notification(self, headers: Mapping[str, str], body: str) -> Notification:
        """Return what a report says; raises ForgedNotification for one that is not the provider's."""
