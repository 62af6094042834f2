"""Reads accounts."""

from uuid import UUID

from shared import operator_actions
from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.users.people import Person, RevealedPerson
from shared.contracts.users.views import Me
from users.accounts import views
from users.accounts.model import Account, AccountNotFound, EmailInvalid, normalise_email
from users.work import Work


def me(work: Work, caller: Caller) -> Me:
    """The caller's own account, with the shops they work for. Raises AccountNotFound."""
    account = work.accounts.get(caller.account)
    if account is None:
        raise AccountNotFound
    return views.me(account, work.shops.of_member(account.user_id))


def find_people(work: Work, value: str) -> Page[Person]:
    """The account with this address or id, if there is one; the operator log names the account."""
    account = _account(work, value)
    if account is None:
        operator_actions.settle()  # nobody was shown
        return Page(items=(), next=None)
    operator_actions.describe(about=f"account {account.user_id}")
    return Page(items=(_person(work, account),), next=None)


def get_person(work: Work, user_id: UUID) -> Person:
    """An account with masked personal data. Raises AccountNotFound."""
    return _person(work, _logged(work, user_id))


def reveal_person(work: Work, user_id: UUID) -> RevealedPerson:
    """The address and name of an account. Raises AccountNotFound, also for one that was erased."""
    account = _logged(work, user_id)
    if account.is_erased:
        raise AccountNotFound
    return views.revealed(account)


def _logged(work: Work, user_id: UUID) -> Account:
    """The account, as the object of the operator log's entry. Raises AccountNotFound."""
    account = work.accounts.get(user_id)
    if account is None:
        raise AccountNotFound
    operator_actions.describe(about=f"account {user_id}")
    return account


def _person(work: Work, account: Account) -> Person:
    erasure = work.erasures.get(account.user_id)
    shops, sessions = work.shops.of_member(account.user_id), work.sessions.count_of(account.user_id)
    return views.person(account, shops, sessions, erasure.state if erasure else None)


def _account(work: Work, value: str) -> Account | None:
    try:
        return work.accounts.get(UUID(value))
    except ValueError:
        pass
    try:
        return work.accounts.of_email(normalise_email(value))
    except EmailInvalid:
        return None
