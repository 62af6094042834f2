"""What payments says of money, and what it may be told to do."""

from shared.contracts.payments.commands import CancelPayment, OpenPayment, RefundPayment
from shared.contracts.payments.events import (
    Method,
    Part,
    PaymentAuthorized,
    PaymentCancelled,
    PaymentCaptured,
    PaymentOpened,
    PaymentReason,
    PaymentRefunded,
    PaymentRefused,
    RefundAccepted,
    RefundFailed,
    Standing,
)

__all__ = [
    "CancelPayment",
    "Method",
    "OpenPayment",
    "Part",
    "PaymentAuthorized",
    "PaymentCancelled",
    "PaymentCaptured",
    "PaymentOpened",
    "PaymentReason",
    "PaymentRefunded",
    "PaymentRefused",
    "RefundAccepted",
    "RefundFailed",
    "RefundPayment",
    "Standing",
]
