"""People for operators: found by an exact value, with masked personal data; shown in full only with a reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.pages import Page
from shared.contracts.users.views import AccountRole, ErasureState, Language, OwnShop
from shared.permissions import Permission
from shared.requests import Request
from shared.shapes import paragraphs, text


@dataclass(frozen=True, kw_only=True)
class Person:
    """An account with its roles and shops; address and name show their first characters only.

    `erasure` is the state of its erasure, null if none was requested; of an erased account only the id is left.
    `sessions` have not ended, `last_seen_at` is when one of them was used last.
    """

    user_id: UUID
    masked_email: str
    masked_name: str
    roles: tuple[AccountRole, ...]
    shops: tuple[OwnShop, ...]
    language: Language
    created_at: datetime
    is_erased: bool
    erasure: ErasureState | None
    sessions: int
    last_seen_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RevealedPerson:
    """The address and name of an account in full."""

    user_id: UUID
    email: str
    name: str


@dataclass(frozen=True, kw_only=True)
class FindPeople(
    Request, answer=Page[Person], permission=Permission.ACCOUNTS_READ, audit="account.find", reads=True
):
    """Find an account by its exact email address or its id; through the gateway also by the number of an order."""

    q: str = text(254)


@dataclass(frozen=True, kw_only=True)
class GetPerson(Request, answer=Person, permission=Permission.ACCOUNTS_READ, audit="account.read", reads=True):
    """Show an account with masked personal data."""

    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class RevealPerson(Request, answer=RevealedPerson, permission=Permission.ACCOUNTS_READ, audit="account.reveal"):
    """Show the address and name of an account in full, with a reason."""

    user_id: UUID
    reason: str = paragraphs(500)
