"""What users makes known."""

from dataclasses import dataclass
from uuid import UUID

from shared.messages import Event


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event, topic="users.user_registered.v1", key="user_id", outside=True):
    """Somebody opened an account."""

    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class UserErased(Event, topic="users.user_erased.v1", key="user_id", outside=True):
    """A person asked to be erased, and is: the account is closed, and no service holds anything of the person."""

    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event, topic="users.session_ended.v1", key="session_id"):
    """Somebody signed out, or a refresh token was used twice: the session's access tokens count no more.

    Every process of a service reads it from the stream `sessions.ended`, the gateway as it happens.
    """

    session_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShopApproved(Event, topic="users.shop_approved.v1", key="shop_id"):
    """A shop may sell."""

    shop_id: UUID
    owner_id: UUID
    slug: str
    name: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ShopSuspended(Event, topic="users.shop_suspended.v1", key="shop_id"):
    """A shop may not sell any more."""

    shop_id: UUID
    version: int
