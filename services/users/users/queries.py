"""What users answers: documents of accounts, sessions, shops and addresses, as JSON."""

from typing import Any
from uuid import UUID

from shared import auth
from shared.auth import Caller
from users.domain.accounts import Account, UnknownAccount
from users.domain.addresses import Address
from users.domain.invitations import Invitation
from users.domain.shops import Shop, ShopState, UnknownShop
from users.schemas import AnyShops, Page
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
    return _page_of_shops(work, page, ShopState.APPROVED)


def all_shops(work: Work, page: AnyShops) -> Document:
    """All shops, of a state or of any, with the newest invitation to own each."""
    found = _page_of_shops(work, page, page.state)
    newest = work.invitations.latest_of([UUID(shop["shop_id"]) for shop in found["items"]])
    invitations = {str(shop_id): invitation_document(one) for shop_id, one in newest.items()}
    return {
        **found,
        "items": [{**shop, "invitation": invitations.get(shop["shop_id"])} for shop in found["items"]],
    }


def shop(work: Work, shop_id: UUID) -> Document:
    """A shop, also one that sells no more; not one that nobody owns yet. Raises UnknownShop."""
    found = work.shops.get(shop_id)
    if found is None or found.state is ShopState.INVITED:
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


def opened_shop(of: Shop, invitation: Invitation, token: str) -> Document:
    """A shop that waits for its owner, and the token of the link to send to them."""
    return {**shop_document(of), "invitation": invitation_document(invitation), "token": token}


def invitation_document(of: Invitation, token: str | None = None) -> Document:
    """An invitation to own a shop; the token is known only when it is made."""
    moments = ("created_at", "expires_at", "accepted_at", "revoked_at")
    told = {name: moment and moment.isoformat() for name in moments for moment in [getattr(of, name)]}
    document = {"invitation_id": str(of.invitation_id), "shop_id": str(of.shop_id), "email": of.email, **told}
    return document | ({"token": token} if token else {})


def _page_of_shops(work: Work, page: Page, state: ShopState | None) -> Document:
    found = work.shops.in_state(state, page.cursor, page.limit + 1)
    items = [shop_document(shop) for shop in found[: page.limit]]
    return {"items": items, "next": items[-1]["shop_id"] if len(found) > page.limit else None}


def address_document(of: Address) -> Document:
    return {**vars(of), "address_id": str(of.address_id)}
