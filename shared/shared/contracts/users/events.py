"""The events of users."""

from dataclasses import dataclass
from uuid import UUID

from shared.messages import Event


@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event, topic="users.user_registered.v1", key="user_id", outside=True):
    """An account was created."""

    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class UserErased(Event, topic="users.user_erased.v1", key="user_id", outside=True):
    """A person was erased on request: the account is closed, and no service stores personal data of the person."""

    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event, topic="users.session_ended.v1", key="session_id"):
    """A session ended by sign-out, or because a refresh token was used twice: its access tokens are invalid.

    All processes of services and the gateway read it from the stream `sessions.ended`.
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
class ShopChanged(Event, topic="users.shop_changed.v1", key="shop_id"):
    """A shop has changed its name, its English name (empty: none) or its description."""

    shop_id: UUID
    name: str
    name_en: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ShopSuspended(Event, topic="users.shop_suspended.v1", key="shop_id"):
    """A shop may no longer sell."""

    shop_id: UUID
    version: int
