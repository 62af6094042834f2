"""What users says of accounts and shops, and what it may be told to do."""

from shared.contracts.users.commands import Parameter, Purpose, SendMessage, Template, WakeAccountSaga
from shared.contracts.users.events import SessionEnded, ShopApproved, ShopSuspended, UserErased, UserRegistered

__all__ = [
    "Parameter",
    "Purpose",
    "SendMessage",
    "SessionEnded",
    "ShopApproved",
    "ShopSuspended",
    "Template",
    "UserErased",
    "UserRegistered",
    "WakeAccountSaga",
]
