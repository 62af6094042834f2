"""Accounts, sessions, addresses, shops."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gateway.schemas.lists import Page
from shared.shapes import identifier, person_name, phone_number, raw, text


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A new account: 8 to 128 characters of password, of any kind."""

    email: str = identifier(254)
    password: str = raw(1024)
    name: str = person_name(60)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody's own account."""

    user_id: UUID
    email: str
    name: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What signs in."""

    email: str = identifier(254)
    password: str = raw(1024)


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """The refresh token that the last answer brought; it can be used once."""

    refresh_token: str = raw(100)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """OAuth 2.0's token response; `expires_in` in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A shop, `invited` (it waits for its owner), `approved` or `suspended`."""

    shop_id: UUID
    slug: str
    name: str
    state: str
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class OwnShop(Shop):
    """A shop one works for, as `owner` or `staff`."""

    duty: str


@dataclass(frozen=True, kw_only=True)
class Me(Account):
    """Who one is, and where one works."""

    roles: tuple[str, ...]
    shops: tuple[OwnShop, ...]


@dataclass(frozen=True, kw_only=True)
class AddressText:
    """Where goods go, and who takes them there."""

    contact: str = person_name(60)
    phone: str = phone_number(5)
    country: str = identifier(2, 2, default="CN")
    division_code: str | None = identifier(6, 6, default=None)
    province: str = text(40, 0, default="")
    city: str = text(40, 0, default="")
    district: str = text(40, 0, default="")
    street: str = text(200)
    postcode: str = identifier(12, 0, default="")
    is_default: bool = False


@dataclass(frozen=True, kw_only=True)
class Address(AddressText):
    """An address that is kept."""

    address_id: UUID


@dataclass(frozen=True, kw_only=True)
class NewShop:
    """A shop, and whom to invite to own it; the slug has lower-case letters, digits and single hyphens."""

    slug: str = identifier(40, 2)
    name: str = person_name(60)
    owner_email: str = identifier(254)


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The person to invite."""

    owner_email: str = identifier(254)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation to own a shop; it can be accepted until `expires_at`, once."""

    invitation_id: UUID
    shop_id: UUID
    email: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewInvitation(Invitation):
    """An invitation with the token of its link, which is shown once: null when the request is repeated."""

    token: str | None


@dataclass(frozen=True, kw_only=True)
class OpenedShop(Shop):
    """A shop that waits for its owner; the token is shown once: null when the request is repeated."""

    invitation: Invitation
    token: str | None


@dataclass(frozen=True, kw_only=True)
class InvitedShop(Shop):
    """A shop as an operator sees it, with the newest invitation to own it."""

    invitation: Invitation | None


@dataclass(frozen=True, kw_only=True)
class InvitationToken:
    """The token of an invitation's link."""

    token: str = raw(100)


class ShopState(StrEnum):
    """Whether a shop may sell."""

    INVITED = "invited"
    APPROVED = "approved"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class AllShops(Page):
    """All shops, of a state or of any."""

    state: ShopState | None = None
