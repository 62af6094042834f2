"""What users says of accounts and shops."""

from shared.contracts.users.commands import WakeAccountSaga
from shared.contracts.users.events import SessionEnded, ShopApproved, ShopSuspended, UserErased, UserRegistered

__all__ = ["SessionEnded", "ShopApproved", "ShopSuspended", "UserErased", "UserRegistered", "WakeAccountSaga"]
