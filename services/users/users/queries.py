"""What users answers: documents of accounts, sessions, shops and addresses, as JSON."""

from typing import Any
from uuid import UUID

from shared import auth
from shared.auth import Caller
from users.domain.accounts import Account, UnknownAccount
from users.domain.addresses import Address
from users.domain.shops import Shop, UnknownShop
from users.schemas import Page
from users.work import Work

Document = dict[str, Any]


def tokens(caller: Caller, refresh_token: str) -> Document:
    """An OAuth 2.0 token response (RFC 6749 §5.1); `expires_in` in seconds."""
    return {
        "access_token": auth.sign(caller),
        "token_type": "Bearer",
        "expires_in": int(auth.LIFETIME.total_seconds()),
        "refresh_token": refresh_token,
    }


def me(work: Work, caller: Caller) -> Document:
    """The caller's own account, with the shops they work for. Raises UnknownAccount."""
    account = work.accounts.get(caller.account)
    if account is None:
        raise UnknownAccount
    shops = [shop_document(shop) | {"duty": duty} for shop, duty in work.shops.of_member(account.user_id)]
    merchant = ["merchant"] if shops else []
    return account_document(account) | {"roles": sorted([*account.standings, *merchant]), "shops": shops}


def shops(work: Work, page: Page) -> Document:
    """The shops that sell."""
    found = work.shops.approved(page.cursor, page.limit + 1)
    items = [shop_document(shop) for shop in found[: page.limit]]
    return {"items": items, "next": items[-1]["shop_id"] if len(found) > page.limit else None}


def shop(work: Work, shop_id: UUID) -> Document:
    """A shop, also one that sells no more. Raises UnknownShop."""
    found = work.shops.get(shop_id)
    if found is None:
        raise UnknownShop
    return shop_document(found)


def addresses(work: Work, user_id: UUID) -> Document:
    """An account's addresses; few, so there is one page."""
    return {"items": [address_document(a) for a in work.addresses.of(user_id)], "next": None}


def account_document(of: Account) -> Document:
    return {
        "user_id": str(of.user_id),
        "email": of.email,
        "name": of.name,
        "created_at": of.created_at.isoformat(),
    }


def shop_document(of: Shop) -> Document:
    return {
        "shop_id": str(of.shop_id),
        "slug": of.slug,
        "name": of.name,
        "state": of.state,
        "opened_at": of.opened_at.isoformat(),
    }


def address_document(of: Address) -> Document:
    return {**vars(of), "address_id": str(of.address_id)}
