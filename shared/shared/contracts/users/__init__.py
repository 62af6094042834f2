"""What users says of accounts and shops."""

from shared.contracts.users.events import SessionEnded, ShopApproved, ShopSuspended, UserRegistered

__all__ = ["SessionEnded", "ShopApproved", "ShopSuspended", "UserRegistered"]
