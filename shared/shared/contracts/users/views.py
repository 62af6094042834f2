"""The answers of users."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.texts import BilingualText
from shared.contracts.users.commands import Purpose, Template


class AccountRole(StrEnum):
    """The role of an account; a `merchant` works for a shop."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Language(StrEnum):
    """The language of messages to a person."""

    ZH = "zh"
    EN = "en"


class MailState(StrEnum):
    """The state of a message's mail: `waiting` until it is sent; `suppressed` if none is to be sent."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class ShopState(StrEnum):
    """Whether a shop may sell; an `invited` one waits for its owner."""

    INVITED = "invited"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class ShopDuty(StrEnum):
    """The role of a person in a shop."""

    OWNER = "owner"
    STAFF = "staff"


class TokenType(StrEnum):
    """The type of an access token (RFC 6750)."""

    BEARER = "Bearer"


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as its owner sees it."""

    user_id: UUID
    email: str
    name: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The token response of OAuth 2.0 (RFC 6749 §5.1); `expires_in` in seconds."""

    access_token: str
    token_type: TokenType
    expires_in: int
    refresh_token: str


class Browser(StrEnum):
    """The browser of a device; the apps of WeChat and QQ have one of their own."""

    CHROME = "chrome"
    EDGE = "edge"
    FIREFOX = "firefox"
    HUAWEI = "huawei"
    OPERA = "opera"
    QQ = "qq"
    SAFARI = "safari"
    SAMSUNG = "samsung"
    UC = "uc"
    WECHAT = "wechat"
    OTHER = "other"


class System(StrEnum):
    """The operating system of a device."""

    ANDROID = "android"
    HARMONYOS = "harmonyos"
    IOS = "ios"
    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Device:
    """What a device says of itself at sign-in."""

    browser: Browser
    system: System


@dataclass(frozen=True, kw_only=True)
class Session:
    """A device on which the caller is signed in, last used at `used_at`, within a quarter of an hour.

    `device` is null if it said nothing of itself; `current`: this request belongs to it.
    """

    session_id: UUID
    device: Device | None
    started_at: datetime
    used_at: datetime
    current: bool


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A shop and whether it may sell. Its English name and its descriptions are empty where it has none."""

    shop_id: UUID
    slug: str
    name: str
    name_en: str
    description: BilingualText
    state: ShopState
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class MerchantShop(Shop):
    """A shop as its merchants see it; `version` grows with every change."""

    version: int


@dataclass(frozen=True, kw_only=True)
class OwnShop(Shop):
    """A shop that the caller works for."""

    duty: ShopDuty


@dataclass(frozen=True, kw_only=True)
class Me(Account):
    """The caller's account, its roles and the shops that the caller works for."""

    roles: tuple[AccountRole, ...]
    shops: tuple[OwnShop, ...]


@dataclass(frozen=True, kw_only=True)
class Address:
    """A saved address. `division_code` is null for an old one whose place is not in the division list."""

    address_id: UUID
    contact: str
    phone: str
    country: str
    division_code: str | None
    province: str
    city: str
    district: str
    street: str
    postcode: str
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message in the caller's inbox. `parameters` are the values in its text, and ids of related objects."""

    message_id: UUID
    purpose: Purpose
    template: Template
    parameters: dict[str, str]
    subject: str
    text: str
    mail: MailState
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """A page of the caller's messages; `next` is null on the last one. `unread` counts all unread messages."""

    items: tuple[Message, ...]
    next: str | None
    unread: int


@dataclass(frozen=True, kw_only=True)
class MessagePreferences:
    """The caller's message preferences. Mail about orders, refunds, the account and security is always sent."""

    marketing_mail: bool
    language: Language


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation to own a shop; it can be accepted once, until `expires_at`."""

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
    """A shop that waits for its owner. `token` is shown once: null when the request is repeated."""

    invitation: Invitation
    token: str | None


@dataclass(frozen=True, kw_only=True)
class InvitedShop(Shop):
    """A shop as an operator sees it, with the newest invitation to own it."""

    invitation: Invitation | None


class ErasureState(StrEnum):
    """The state of an erasure. `running`: in progress. `waiting`: it is checked again at `next_check_at`."""

    RUNNING = "running"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class OpenMatterKind(StrEnum):
    """The kinds of open matters."""

    CHECKOUT = "checkout"
    ORDER = "order"
    REFUND = "refund"
    SHOP = "shop"


@dataclass(frozen=True, kw_only=True)
class OpenMatter:
    """A checkout, order, refund or shop of the person that must end first."""

    kind: OpenMatterKind
    id: UUID


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """The erasure of an account; `open` is what it waits for."""

    state: ErasureState
    open: tuple[OpenMatter, ...]
    requested_at: datetime
    checked_at: datetime | None
    next_check_at: datetime | None
    erased_at: datetime | None
