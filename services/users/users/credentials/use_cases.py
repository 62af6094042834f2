"""Changing a password, and recovering a forgotten one."""

from uuid import UUID

from shared import settings
from shared.auth import Caller
from shared.contracts.users.requests import ChangePassword, RecoverPassword
from shared.db import OpenWork
from users.accounts.front import Account, AccountNotFound, normalise_email
from users.credentials.model import Recovery, RecoveryTokenInvalid, address, guard_of
from users.messages import front as messages
from users.sessions.front import Passwords, confirm, count_attempt, digest_of, end_all, new_token
from users.work import Work


def change(open_work: OpenWork[Work], passwords: Passwords, caller: Caller, request: ChangePassword) -> None:
    """Replace the caller's password, and end all other sessions.

    Raises PasswordIncorrect, AttemptLimitReached, PasswordWeak.
    """
    account = confirm(open_work, passwords, caller.account, request.current_password)
    password_hash = passwords.hash_new(request.new_password, account.email, account.name)
    with open_work() as work:
        _store(work, work.accounts.lock(account.user_id), password_hash, keeping=caller.session_id)


def request_recovery(work: Work, raw_email: str) -> None:
    """Send a link to the account of this address, if there is one. Raises EmailInvalid, AttemptLimitReached."""
    email = normalise_email(raw_email)
    count_attempt(work, guard_of(email))
    if account := work.accounts.of_email(email):
        messages.send(work, account.user_id, "password_recovery", messages.Purpose.SECURITY)


def new_link(work: Work, user_id: UUID) -> str:
    """A new link to set the password of an account, for a mail that is being sent."""
    token = new_token()
    work.recoveries.add(Recovery(token_digest=digest_of(token), user_id=user_id, created_at=work.now))
    return address(settings.text("PUBLIC_URL"), token)


def recover(open_work: OpenWork[Work], passwords: Passwords, request: RecoverPassword) -> None:
    """Set a new password by a link, which makes all links of the account invalid, and end all its sessions.

    Raises RecoveryTokenInvalid, PasswordWeak.
    """
    digest = digest_of(request.token)
    with open_work() as work:
        account = _account(work, _valid(work, digest).user_id)
    password_hash = passwords.hash_new(request.new_password, account.email, account.name)
    with open_work() as work:
        locked = _account(work, account.user_id, lock=True)
        _valid(work, digest)  # read again under the lock: it may have been used meanwhile
        _store(work, locked, password_hash, keeping=None)


def _valid(work: Work, digest: bytes) -> Recovery:
    found = work.recoveries.get(digest)
    if found is None:
        raise RecoveryTokenInvalid
    found.check_valid(work.now)
    return found


def _account(work: Work, user_id: UUID, *, lock: bool = False) -> Account:
    """The account of a link. Raises RecoveryTokenInvalid if it was erased."""
    try:
        account = work.accounts.lock(user_id) if lock else work.accounts.get(user_id)
    except AccountNotFound:
        raise RecoveryTokenInvalid from None
    if account is None or account.is_erased:
        raise RecoveryTokenInvalid
    return account


def _store(work: Work, account: Account, password_hash: str, *, keeping: UUID | None) -> None:
    """Store the new password of a locked account, end all sessions but one, and tell the owner."""
    work.accounts.rehash(account.user_id, password_hash)
    work.recoveries.remove_all_of(account.user_id)
    for guarded in (account.email, guard_of(account.email)):
        work.guards.clear(guarded)
    end_all(work, account.user_id, "password_changed", but=keeping)
    messages.send(work, account.user_id, "password_changed", messages.Purpose.SECURITY)
