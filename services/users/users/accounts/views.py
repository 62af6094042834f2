"""Views of accounts."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts.users import people, views
from users.accounts.model import Account, masked
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


def person(
    shown: Account,
    shops: Sequence[tuple[Shop, Duty]],
    sessions: tuple[int, datetime | None],
    erasure: str | None,
) -> people.Person:
    """An account as operators see it."""
    number, last_seen_at = sessions
    return people.Person(
        user_id=shown.user_id,
        masked_email=masked(shown.email),
        masked_name=masked(shown.name),
        roles=() if shown.is_erased else _roles(shown, is_merchant=bool(shops)),
        shops=tuple(own_shop(each, duty) for each, duty in shops),
        language=views.Language(shown.language),
        created_at=shown.created_at,
        is_erased=shown.is_erased,
        erasure=views.ErasureState(erasure) if erasure else None,
        sessions=number,
        last_seen_at=last_seen_at,
    )


def revealed(shown: Account) -> people.RevealedPerson:
    """The address and name of an account."""
    return people.RevealedPerson(user_id=shown.user_id, email=shown.email, name=shown.name)


def _roles(shown: Account, *, is_merchant: bool) -> tuple[views.AccountRole, ...]:
    merchant = {views.AccountRole.MERCHANT} if is_merchant else set()
    return tuple(sorted({views.AccountRole(role) for role in shown.granted_roles} | merchant))
