"""Reads accounts."""

from shared.auth import Caller
from shared.contracts.users.views import Me
from users.accounts import views
from users.accounts.model import AccountNotFound
from users.work import Work


def me(work: Work, caller: Caller) -> Me:
    """The caller's own account, with the shops they work for. Raises AccountNotFound."""
    account = work.accounts.get(caller.account)
    if account is None:
        raise AccountNotFound
    return views.me(account, work.shops.of_member(account.user_id))
