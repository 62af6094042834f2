"""Changing a password."""

from uuid import UUID

from shared.auth import Caller
from shared.contracts.users.requests import ChangePassword
from shared.db import OpenWork
from users.messages import front as messages
from users.sessions.front import Passwords, confirm, end_all
from users.work import Work


def change(open_work: OpenWork[Work], passwords: Passwords, caller: Caller, request: ChangePassword) -> None:
    """Replace the caller's password, and end all other sessions.

    Raises PasswordIncorrect, AttemptLimitReached, PasswordWeak.
    """
    account = confirm(open_work, passwords, caller.account, request.current_password)
    password_hash = passwords.hash_new(request.new_password, account.email, account.name)
    with open_work() as work:
        store(work, account.user_id, password_hash, keeping=caller.session_id)


def store(work: Work, user_id: UUID, password_hash: str, *, keeping: UUID | None) -> None:
    """Store a new password, end all sessions but one, and tell the owner. Raises AccountNotFound."""
    account = work.accounts.lock(user_id)
    work.accounts.rehash(user_id, password_hash)
    work.guards.clear(account.email)
    end_all(work, user_id, "password_changed", but=keeping)
    messages.send(work, user_id, "password_changed", messages.Purpose.SECURITY)
