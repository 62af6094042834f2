"""The messages of users about accounts and shops."""

from shared.contracts.users.commands import Parameter, Purpose, SendMessage, Template, WakeAccountSaga
from shared.contracts.users.events import (
    SessionEnded,
    ShopApproved,
    ShopChanged,
    ShopSuspended,
    UserErased,
    UserRegistered,
)

__all__ = [
    "Parameter",
    "Purpose",
    "SendMessage",
    "SessionEnded",
    "ShopApproved",
    "ShopChanged",
    "ShopSuspended",
    "Template",
    "UserErased",
    "UserRegistered",
    "WakeAccountSaga",
]
