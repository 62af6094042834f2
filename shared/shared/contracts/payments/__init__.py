"""The messages of payments."""

from shared.contracts.line_kinds import LineKind
from shared.contracts.payments.codes import Method, PaymentReason, Standing
from shared.contracts.payments.commands import CancelPayment, ErasePayer, OpenPayment, RefundPayment
from shared.contracts.payments.events import (
    CurrentPayment,
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
)
from shared.contracts.payments.lines import DiscountShares, PartLine, RefundedLine
from shared.contracts.payments.pay_actions import (
    BankInstructions,
    Form,
    FormMethod,
    NoAction,
    PayAction,
    PayActionKind,
    QrCode,
    Redirect,
)

__all__ = [
    "BankInstructions",
    "CancelPayment",
    "CurrentPayment",
    "DiscountShares",
    "ErasePayer",
    "Form",
    "FormMethod",
    "LineKind",
    "Method",
    "NoAction",
    "OpenPayment",
    "Part",
    "PartLine",
    "PayAction",
    "PayActionKind",
    "PayerErased",
    "PaymentAuthorized",
    "PaymentCancelled",
    "PaymentCaptured",
    "PaymentOpened",
    "PaymentReason",
    "PaymentRefunded",
    "PaymentRefused",
    "QrCode",
    "Redirect",
    "RefundAccepted",
    "RefundFailed",
    "RefundPayment",
    "RefundedLine",
    "Standing",
]
