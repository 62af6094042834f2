"""What other modules of payments may import."""

from payments.providers.declaration import Collection, Declaration, ServedMethod
from payments.providers.interface import (
    CloseResult,
    ForgedNotification,
    Notification,
    PaymentState,
    Provider,
    ProviderFailure,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
    ProviderSilent,
    RefundState,
)
from payments.providers.model import Call, CallKind, id_of, number_of, pause, pause_after
from payments.providers.procedures import prepared
from payments.providers.registry import Registry
from payments.providers.views import call as call_view
from shared.provider_calls.procedures import PreparedCall, Procedure, Procedures

__all__ = [
    "Call",
    "CallKind",
    "CloseResult",
    "Collection",
    "Declaration",
    "ForgedNotification",
    "Notification",
    "PaymentState",
    "PreparedCall",
    "Procedure",
    "Procedures",
    "Provider",
    "ProviderFailure",
    "ProviderPayment",
    "ProviderRefund",
    "ProviderRefused",
    "ProviderSilent",
    "RefundState",
    "Registry",
    "ServedMethod",
    "call_view",
    "id_of",
    "number_of",
    "pause",
    "pause_after",
    "prepared",
]
