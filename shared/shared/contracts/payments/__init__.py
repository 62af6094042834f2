"""What payments says of money, and what it may be told to do."""

from shared.contracts.payments.commands import CancelPayment, OpenPayment, RefundPayment
from shared.contracts.payments.events import (
    Method,
    Part,
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
from shared.contracts.payments.lines import DiscountShares, LineKind, PartLine, RefundedLine

__all__ = [
    "CancelPayment",
    "DiscountShares",
    "LineKind",
    "Method",
    "OpenPayment",
    "Part",
    "PartLine",
    "PaymentAuthorized",
    "PaymentCancelled",
    "PaymentCaptured",
    "PaymentOpened",
    "PaymentRefunded",
    "PaymentRefused",
    "RefundAccepted",
    "RefundFailed",
    "RefundPayment",
    "RefundedLine",
    "Standing",
]
