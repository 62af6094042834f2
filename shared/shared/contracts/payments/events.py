"""The events of payments."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.erasure import DataErased
from shared.contracts.payments.codes import Method, PaymentReason, Standing
from shared.contracts.payments.lines import PartLine, RefundedLine
from shared.contracts.payments.pay_actions import PayAction
from shared.contracts.payments.views import Payment
from shared.messages import Event
from shared.money import Money


@dataclass(frozen=True, kw_only=True)
class Part:
    """One order's share of a payment; the shares add up to the payment, the lines of each to its amount."""

    order_id: UUID
    shop_id: UUID
    amount: Money
    lines: tuple[PartLine, ...]


@dataclass(frozen=True, kw_only=True)
class CurrentPayment:
    """A payment after a change, as its buyer sees it, who alone may be shown it.

    `version` grows with each change of the payment: of two events, the one with the lower version is older.
    """

    buyer_id: UUID | None
    version: int
    payment: Payment


@dataclass(frozen=True, kw_only=True)
class PaymentOpened(Event, topic="payments.payment_opened.v1", key="payment_id"):
    """The shopper can pay now, as described by `pay_action`."""

    payment_id: UUID
    checkout_id: UUID
    method: Method
    amount: Money
    pay_action: PayAction
    expires_at: datetime
    current: CurrentPayment | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentAuthorized(Event, topic="payments.payment_authorized.v1", key="payment_id"):
    """The amount will be paid in cash on delivery."""

    payment_id: UUID
    checkout_id: UUID
    amount: Money
    current: CurrentPayment | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event, topic="payments.payment_captured.v1", key="payment_id"):
    """Money was captured. `kept`: it pays the checkout. `returned`: late, repeated or wrong, it is refunded.

    `order_id` is set for cash on delivery, which is captured for each order.
    """

    payment_id: UUID
    checkout_id: UUID
    order_id: UUID | None
    amount: Money
    standing: Standing
    captured_at: datetime
    current: CurrentPayment | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentRefused(Event, topic="payments.payment_refused.v1", key="payment_id"):
    """The payment could not be opened; it cannot be paid."""

    payment_id: UUID
    checkout_id: UUID
    reason: PaymentReason
    current: CurrentPayment | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentCancelled(Event, topic="payments.payment_cancelled.v1", key="payment_id"):
    """The payment is closed; money that still arrives is refunded automatically."""

    payment_id: UUID
    checkout_id: UUID
    current: CurrentPayment | None = None


@dataclass(frozen=True, kw_only=True)
class RefundAccepted(Event, topic="payments.refund_accepted.v1", key="payment_id"):
    """The reply to RefundPayment: the refund is booked as a liability.

    It cannot fail any more, however long the money takes; PaymentRefunded is published when it has arrived.
    """

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: Money
    lines: tuple[RefundedLine, ...]


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(Event, topic="payments.payment_refunded.v1", key="payment_id"):
    """The refund of an order has arrived (or its unpaid cash on delivery is reduced), once per `refund_id`."""

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    amount: Money
    lines: tuple[RefundedLine, ...]


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Event, topic="payments.refund_failed.v1", key="payment_id"):
    """The refund is refused: nothing was booked and no money is sent. `reason` is a stable code.

    Only payments' own rules refuse a refund. A provider's refusal only delays it.
    """

    refund_id: UUID
    payment_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayerErased(DataErased, topic="payments.payer_erased.v1", key="user_id"):
    """Payments stores no personal data of the person any more; `rows` is the number of erased rows."""
