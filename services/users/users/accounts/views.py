"""Views of accounts."""

from collections.abc import Sequence

from shared.contracts.users import views
from users.accounts.model import Account
from users.shops.front import Duty, Shop, own_shop


def account(shown: Account) -> views.Account:
    """An account as its owner sees it."""
    return views.Account(user_id=shown.user_id, email=shown.email, name=shown.name, created_at=shown.created_at)


def me(shown: Account, shops: Sequence[tuple[Shop, Duty]]) -> views.Me:
    """An account as its owner sees it, with roles and the shops they work for."""
    return views.Me(
        **vars(account(shown)),
        roles=_roles(shown, is_merchant=bool(shops)),
        shops=tuple(own_shop(each, duty) for each, duty in shops),
    )


def _roles(shown: Account, *, is_merchant: bool) -> tuple[views.AccountRole, ...]:
    merchant = {views.AccountRole.MERCHANT} if is_merchant else set()
    return tuple(sorted({views.AccountRole(role) for role in shown.granted_roles} | merchant))
