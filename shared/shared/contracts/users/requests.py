"""The requests that users answers."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.contracts.pages import ListRequest, Page
from shared.contracts.users.events import ShopApproved, ShopChanged, ShopSuspended
from shared.contracts.users.views import (
    Account,
    Address,
    Device,
    Erasure,
    Inbox,
    InvitedShop,
    Language,
    Me,
    MerchantShop,
    Message,
    MessagePreferences,
    NewInvitation,
    OpenedShop,
    Session,
    Shop,
    ShopState,
    Tokens,
)
from shared.permissions import Permission
from shared.requests import Cached, Request
from shared.shapes import identifier, paragraphs, person_name, phone_number, raw, secret, text


@dataclass(frozen=True, kw_only=True)
class Register(Request, answer=Account, permission=Permission.PUBLIC, keyed=True, switch="registration"):
    """Create an account. A password has 8 to 128 characters of any kind. Messages are sent in `language`."""

    email: str = identifier(254)
    password: str = secret(1024)
    name: str = person_name(60)
    language: Language = Language.ZH


@dataclass(frozen=True, kw_only=True)
class SignIn(Request, answer=Tokens, permission=Permission.PUBLIC):
    """Start a session with an email address and the password."""

    email: str = identifier(254)
    password: str = secret(1024)
    device: Device | None = None


@dataclass(frozen=True, kw_only=True)
class Refresh(Request, answer=Tokens, permission=Permission.PUBLIC):
    """Exchange a refresh token for the next pair of tokens. It can be used once."""

    refresh_token: str = raw(100)


@dataclass(frozen=True, kw_only=True)
class SignOut(Request, permission=Permission.ACCOUNT_OWN):
    """End the caller's session."""


@dataclass(frozen=True, kw_only=True)
class ListSessions(ListRequest, answer=Page[Session], permission=Permission.ACCOUNT_OWN):
    """List the devices on which the caller is signed in, the latest sign-in first."""


@dataclass(frozen=True, kw_only=True)
class EndSession(Request, permission=Permission.ACCOUNT_OWN):
    """End a session of the caller: sign out on that device."""

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class EndOtherSessions(Request, permission=Permission.ACCOUNT_OWN):
    """End all sessions of the caller but the current one."""


@dataclass(frozen=True, kw_only=True)
class GetMe(Request, answer=Me, permission=Permission.ACCOUNT_OWN):
    """Show the caller's account, its roles and shops."""


@dataclass(frozen=True, kw_only=True)
class ChangeMe(Request, answer=Me, permission=Permission.ACCOUNT_OWN):
    """Change the caller's name."""

    name: str = person_name(60)


@dataclass(frozen=True, kw_only=True)
class ChangePassword(Request, permission=Permission.ACCOUNT_OWN):
    """Replace the caller's password, given the current one. All other sessions of the account end."""

    current_password: str = secret(1024)
    new_password: str = secret(1024)


@dataclass(frozen=True, kw_only=True)
class RequestRecovery(Request, permission=Permission.PUBLIC):
    """Request a link to set a new password, by mail; the answer is the same whether the account exists or not."""

    email: str = identifier(254)


@dataclass(frozen=True, kw_only=True)
class RecoverPassword(Request, permission=Permission.PUBLIC):
    """Set a new password by the token of the link, which is valid once. All sessions of the account end."""

    token: str = raw(100)
    new_password: str = secret(1024)


@dataclass(frozen=True, kw_only=True)
class ListAddresses(Request, answer=Page[Address], permission=Permission.ADDRESSES_OWN):
    """List the caller's addresses, oldest first. They are all on one page."""


@dataclass(frozen=True, kw_only=True)
class AddressRequest(Request):
    """An address: its place is given by names, by a code of the division list, or by both."""

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
class AddAddress(AddressRequest, answer=Address, permission=Permission.ADDRESSES_OWN, keyed=True):
    """Add an address. The first one is the default."""


@dataclass(frozen=True, kw_only=True)
class ChangeAddress(AddressRequest, answer=Address, permission=Permission.ADDRESSES_OWN):
    """Replace an address of the caller."""

    address_id: UUID


@dataclass(frozen=True, kw_only=True)
class RemoveAddress(Request, permission=Permission.ADDRESSES_OWN):
    """Remove an address of the caller."""

    address_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListMessages(ListRequest, answer=Inbox, permission=Permission.ACCOUNT_OWN):
    """List the caller's messages, newest first, with the number of all unread ones."""


@dataclass(frozen=True, kw_only=True)
class ReadMessage(Request, answer=Message, permission=Permission.ACCOUNT_OWN):
    """Mark a message of the caller as read."""

    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReadAllMessages(Request, permission=Permission.ACCOUNT_OWN):
    """Mark all messages of the caller as read."""


@dataclass(frozen=True, kw_only=True)
class GetMessagePreferences(Request, answer=MessagePreferences, permission=Permission.ACCOUNT_OWN):
    """Show the caller's message preferences."""


@dataclass(frozen=True, kw_only=True)
class ChangeMessagePreferences(Request, answer=MessagePreferences, permission=Permission.ACCOUNT_OWN):
    """Set the caller's message preferences: mail about offers, and the language."""

    marketing_mail: bool
    language: Language


@dataclass(frozen=True, kw_only=True)
class ListShops(
    ListRequest,
    answer=Page[Shop],
    permission=Permission.PUBLIC,
    cached=Cached(on=(ShopApproved, ShopChanged, ShopSuspended)),
):
    """List the shops that may sell."""


@dataclass(frozen=True, kw_only=True)
class GetShop(Request, answer=Shop, permission=Permission.PUBLIC, cached=Cached(by=("shop_id",))):
    """Show a shop that may sell or is suspended."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class GetMerchantShop(
    Request, answer=MerchantShop, permission=Permission.SHOP_PROFILE_EDIT, audit="shop.read", reads=True
):
    """Show a shop to its merchants, with the version to change it from."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class ShopDescription:
    """What a shop says of itself, in Simplified Chinese and in English."""

    zh: str = paragraphs(2000, 0, default="")
    en: str = paragraphs(2000, 0, default="")


@dataclass(frozen=True, kw_only=True)
class ChangeShop(Request, answer=MerchantShop, permission=Permission.SHOP_PROFILE_EDIT, audit="shop.change"):
    """Replace the name and description of a shop.

    With a `version` it is refused unless the shop still has that version.
    """

    shop_id: UUID
    version: int | None = None
    name: str = person_name(60)
    name_en: str = text(60, 0, default="")
    description: ShopDescription = field(default_factory=ShopDescription)


@dataclass(frozen=True, kw_only=True)
class AcceptInvitation(Request, answer=Shop, permission=Permission.ACCOUNT_OWN):
    """Accept the invitation to own a shop, by the token of its link. The shop may then sell."""

    token: str = raw(100)


@dataclass(frozen=True, kw_only=True)
class ListAllShops(
    ListRequest,
    answer=Page[InvitedShop],
    permission=Permission.SHOPS_MANAGE,
    audit="shop.list",
    reads=True,
):
    """List the shops in one state or all, with their invitations; `q` is the beginning of their slug or name."""

    state: ShopState | None = None
    q: str | None = text(100, default=None)


@dataclass(frozen=True, kw_only=True)
class OpenShop(
    Request,
    answer=OpenedShop,
    permission=Permission.SHOPS_MANAGE,
    keyed=True,
    shown_once=("token",),
    audit="shop.open",
):
    """Open a shop and invite its owner.

    The slug has lower-case letters, digits and single hyphens. The token of the invitation's link is shown once.
    """

    slug: str = identifier(40, 2)
    name: str = person_name(60)
    owner_email: str = identifier(254)


@dataclass(frozen=True, kw_only=True)
class InviteOwner(
    Request,
    answer=NewInvitation,
    permission=Permission.SHOPS_MANAGE,
    keyed=True,
    shown_once=("token",),
    audit="shop.invite",
):
    """Replace the invitation to own a shop. The previous one is revoked."""

    shop_id: UUID
    owner_email: str = identifier(254)


@dataclass(frozen=True, kw_only=True)
class RevokeInvitation(Request, permission=Permission.SHOPS_MANAGE, audit="shop.revoke_invitation"):
    """Revoke the invitation to own a shop."""

    shop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SuspendShop(Request, answer=Shop, permission=Permission.SHOPS_MANAGE, audit="shop.suspend"):
    """Stop a shop from selling. The note is kept in the operator log."""

    shop_id: UUID
    note: str = paragraphs(500, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class RestoreShop(Request, answer=Shop, permission=Permission.SHOPS_MANAGE, audit="shop.restore"):
    """Let a suspended shop sell again. The note is kept in the operator log."""

    shop_id: UUID
    note: str = paragraphs(500, shortest=0, default="")


@dataclass(frozen=True, kw_only=True)
class RequestErasure(Request, answer=Erasure, permission=Permission.ACCOUNT_OWN):
    """Request the erasure of the caller's account, with its password: name, addresses, and all free text.

    It waits until no orders, refunds or shops are open. Orders are kept as records of trade that identify nobody.
    A repeated request while it waits checks again at once. An erasure cannot be undone.
    """

    password: str = secret(1024)


@dataclass(frozen=True, kw_only=True)
class GetErasure(Request, answer=Erasure, permission=Permission.ACCOUNT_OWN):
    """Show the state of the erasure of the caller's account, and what it waits for."""


@dataclass(frozen=True, kw_only=True)
class WithdrawErasure(Request, answer=Erasure, permission=Permission.ACCOUNT_OWN):
    """Withdraw the erasure of the caller's account while it waits."""


@dataclass(frozen=True, kw_only=True)
class EraseAccount(Request, answer=Erasure, permission=Permission.ACCOUNTS_ERASE, audit="account.erase"):
    """Request the erasure of an account whose owner requested it by other means, described in `note`."""

    user_id: UUID
    note: str = paragraphs(500)


@dataclass(frozen=True, kw_only=True)
class GetAccountErasure(
    Request, answer=Erasure, permission=Permission.ACCOUNTS_ERASE, audit="account.erasure_read", reads=True
):
    """Show the state of the erasure of an account."""

    user_id: UUID
