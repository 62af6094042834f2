"""What payments says of money, and what it may be told to do."""

from shared.contracts.payments.commands import CancelPayment, ErasePayer, OpenPayment, RefundPayment
from shared.contracts.payments.events import (
    Method,
    Part,
    PayerErased,
    PaymentAuthorized,
    PaymentCancelled,
    PaymentCaptured,
    PaymentOpened,
    PaymentRefunded,
    PaymentRefused,
    RefundAccepted,
    RefundFailed,
    Standing,
)

__all__ = [
    "CancelPayment",
    "ErasePayer",
    "Method",
    "OpenPayment",
    "Part",
    "PayerErased",
    "PaymentAuthorized",
    "PaymentCancelled",
    "PaymentCaptured",
    "PaymentOpened",
    "PaymentRefunded",
    "PaymentRefused",
    "RefundAccepted",
    "RefundFailed",
    "RefundPayment",
    "Standing",
]
