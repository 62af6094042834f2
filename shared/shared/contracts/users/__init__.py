"""What users says of accounts and shops, and what it may be told to do."""

from shared.contracts.users.commands import Purpose, SendMessage, Template, WakeAccountSaga
from shared.contracts.users.events import SessionEnded, ShopApproved, ShopSuspended, UserErased, UserRegistered

__all__ = [
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
