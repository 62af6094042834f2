"""What payments makes known."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.erasure import DataErased
from shared.contracts.payments.lines import PartLine, RefundedLine
from shared.contracts.payments.pay_actions import PayAction
from shared.messages import Event
from shared.money import Money


class Method(StrEnum):
    """How a checkout is paid."""

    WECHAT = "wechat"
    CASH_ON_DELIVERY = "cash_on_delivery"
    NOTHING = "nothing"  # discounts left nothing to pay


class Standing(StrEnum):
    """What became of money that came in."""

    KEPT = "kept"
    RETURNED = "returned"


class PaymentReason(StrEnum):
    """Why a payment was refused, or was cancelled or expired unpaid."""

    TOO_LATE = "too_late"
    NO_TIME_TO_PAY = "no_time_to_pay"
    CURRENCY_NOT_SUPPORTED = "currency_not_supported"
    PARTS_DO_NOT_ADD_UP = "parts_do_not_add_up"
    PAYMENT_METHOD_SWITCHED_OFF = "payment_method_switched_off"
    PAYMENT_METHOD_UNAVAILABLE = "payment_method_unavailable"
    METHOD_DOES_NOT_FIT = "method_does_not_fit"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WRITTEN_OFF = "written_off"
    PROVIDER_SILENT = "provider_silent"
    NOT_FOUND = "not_found"  # this and the following: the provider refused it
    PAYER_ACCOUNT_UNAVAILABLE = "payer_account_unavailable"
    BALANCE_INSUFFICIENT = "balance_insufficient"
    AMOUNT_INVALID = "amount_invalid"
    REQUEST_INVALID = "request_invalid"
    RATE_LIMITED = "rate_limited"
    NOT_PERMITTED = "not_permitted"
    NOT_SUPPORTED = "not_supported"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One order's share of a payment; the shares add up to it, and the lines of each to its amount."""

    order_id: UUID
    shop_id: UUID
    amount: Money
    lines: tuple[PartLine, ...]


@dataclass(frozen=True, kw_only=True)
class PaymentOpened(Event, topic="payments.payment_opened.v1", key="payment_id"):
    """The shopper can pay now, by doing what `pay_action` tells."""

    payment_id: UUID
    checkout_id: UUID
    method: Method
    amount: Money
    pay_action: PayAction
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorized(Event, topic="payments.payment_authorized.v1", key="payment_id"):
    """Cash will be taken at the door; the amount is owed."""

    payment_id: UUID
    checkout_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event, topic="payments.payment_captured.v1", key="payment_id"):
    """Money came in. `kept`: it pays the checkout. `returned`: too late, twice or wrong, it is on its way back.

    `order_id` is set for cash on delivery, which is captured order by order.
    """

    payment_id: UUID
    checkout_id: UUID
    order_id: UUID | None
    amount: Money
    standing: Standing
    captured_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentRefused(Event, topic="payments.payment_refused.v1", key="payment_id"):
    """The payment could not be opened; no money can come for it."""

    payment_id: UUID
    checkout_id: UUID
    reason: PaymentReason


@dataclass(frozen=True, kw_only=True)
class PaymentCancelled(Event, topic="payments.payment_cancelled.v1", key="payment_id"):
    """The payment is closed; money that still comes returns by itself."""

    payment_id: UUID
    checkout_id: UUID


@dataclass(frozen=True, kw_only=True)
class RefundAccepted(Event, topic="payments.refund_accepted.v1", key="payment_id"):
    """The answer to RefundPayment: the refund is booked, and payments owes it from now on.

    Nothing makes it fail any more, however long the money takes; PaymentRefunded tells that it has arrived.
    """

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: Money
    lines: tuple[RefundedLine, ...]


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(Event, topic="payments.payment_refunded.v1", key="payment_id"):
    """Money of one order has arrived (or, not yet taken at the door, is no longer owed), once per `refund_id`."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: Money
    lines: tuple[RefundedLine, ...]


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Event, topic="payments.refund_failed.v1", key="payment_id"):
    """The refund is impossible: nothing was booked, and no money moves. `reason` is a stable code.

    Only payments' own rules refuse a refund. What a provider says to it delays it, and never fails it.
    """

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayerErased(DataErased, topic="payments.payer_erased.v1", key="user_id"):
    """Nothing is held of the person any more; `rows` held something."""
