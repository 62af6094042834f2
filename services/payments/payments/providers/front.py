"""What other modules of payments may use."""

from payments.providers.interface import (
    Closing,
    ForgedNotification,
    Notification,
    PaymentState,
    Provider,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
    ProviderSilent,
    RefundState,
)
from payments.providers.model import Call, CallKind, id_of, number_of, pause, pause_after
from payments.providers.procedures import Procedures, ProviderCall
from payments.providers.views import call as call_view
from shared.provider_calls.procedures import Procedure

__all__ = [
    "Call",
    "CallKind",
    "Closing",
    "ForgedNotification",
    "Notification",
    "PaymentState",
    "Procedure",
    "Procedures",
    "Provider",
    "ProviderCall",
    "ProviderPayment",
    "ProviderRefund",
    "ProviderRefused",
    "ProviderSilent",
    "RefundState",
    "call_view",
    "id_of",
    "number_of",
    "pause",
    "pause_after",
]
