"""Sign-in, refresh and sign-out.

Failures must be stored (a wrong password, a token used twice), so their errors are raised after the transaction
has committed, never inside it.
"""

from functools import partial
from uuid import UUID

from shared import auth, shapes
from shared.auth import Caller
from shared.contracts.users import SessionEnded
from shared.contracts.users.requests import SignIn
from shared.db import OpenWork
from shared.errors import Refusal
from shared.ids import new_id
from shared.permissions import Role
from users.accounts.front import Account, AccountNotFound, normalise_email
from users.messages import front as messages
from users.sessions.model import (
    CredentialsInvalid,
    Link,
    PasswordIncorrect,
    RefreshTokenInvalid,
    RefreshTokenReused,
    Session,
    SessionNotFound,
    digest_of,
    new_salt,
    new_token,
    successor_of,
)
from users.sessions.passwords import Passwords
from users.work import Work

Grant = tuple[Caller, str]  # the signed-in caller, and the refresh token


def sign_in(open_work: OpenWork[Work], passwords: Passwords, request: SignIn) -> Grant:
    """Start a session. Raises CredentialsInvalid, AttemptLimitReached."""
    email = normalise_email(request.email)
    with open_work() as work:
        account = attempt(work, email)
    right = passwords.matches(account.password_hash if account else None, request.password)
    if account is None or not right:
        raise CredentialsInvalid
    rehashed = passwords.hash(request.password) if passwords.needs_rehash(account.password_hash) else None
    with open_work() as work:
        return begin(work, account.user_id, rehashed, _device(request))


def _device(request: SignIn) -> dict[str, str] | None:
    return shapes.dump(request.device) if request.device else None


def attempt(work: Work, email: str) -> Account | None:
    """Count an attempt on an address, and return its account. Raises AttemptLimitReached."""
    count_attempt(work, email)
    return work.accounts.of_email(email)


def count_attempt(work: Work, guarded: str) -> None:
    """Count an attempt on an address, or on something else that is guarded. Raises AttemptLimitReached."""
    guard = work.guards.lock(guarded)
    work.guards.save(guarded, guard.attempt(work.now))


def confirm(open_work: OpenWork[Work], passwords: Passwords, user_id: UUID, password: str) -> Account:
    """The signed-in account, if this is its password; an attempt counts like an attempt to sign in.

    Raises AccountNotFound, PasswordIncorrect, AttemptLimitReached.
    """
    with open_work() as work:
        account = work.accounts.get(user_id)
        if account is None or account.is_erased:
            raise AccountNotFound
        attempt(work, account.email)
    if not passwords.matches(account.password_hash, password):
        raise PasswordIncorrect
    with open_work() as work:
        work.guards.clear(account.email)
    return account


def begin(
    work: Work, user_id: UUID, stronger_hash: str | None = None, device: dict[str, str] | None = None
) -> Grant:
    """Start a session after the password was verified.

    The account is read again, because it may have been erased during the verification. Raises CredentialsInvalid
    then, as for an address without an account.
    """
    try:
        account = work.accounts.lock(user_id)
    except AccountNotFound:
        raise CredentialsInvalid from None
    if stronger_hash:
        work.accounts.rehash(account.user_id, stronger_hash)
    work.guards.clear(account.email)
    token, session_id = new_token(), new_id()
    new = Session(
        session_id=session_id, user_id=account.user_id, started_at=work.now, used_at=work.now, device=device
    )
    work.sessions.add(new)
    work.sessions.add_link(Link(digest=digest_of(token), session_id=session_id))
    return caller(work, account.user_id, session_id), token


def refresh(open_work: OpenWork[Work], token: str) -> Grant:
    """Exchange a refresh token for its successor. Raises RefreshTokenInvalid, RefreshTokenReused."""
    with open_work() as work:
        outcome = exchange(work, token)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def exchange(work: Work, token: str) -> Grant | Refusal:
    """The next token of the chain, or the refusal; a token used twice ends the session."""
    if user_id := work.sessions.user_of(digest_of(token)):
        work.accounts.share(user_id)  # before the session, as an erasure locks them
    session = work.sessions.lock_of(digest_of(token))
    link = work.sessions.link(digest_of(token))
    if session is None or link is None or not session.alive(work.now):
        return RefreshTokenInvalid()
    if not link.may_be_used(work.now, _successor(work, token, link)):
        _end(work, session.user_id, session.session_id, "refresh_token_reused")
        messages.send(work, session.user_id, "session_ended", messages.Purpose.SECURITY)
        return RefreshTokenReused()
    return caller(work, session.user_id, session.session_id), _successor_token(work, token, link)


def sign_out(work: Work, of: Caller) -> None:
    """End the caller's session."""
    if of.session_id:
        _end(work, of.account, of.session_id, "signed_out")


def end_one(work: Work, of: Caller, session_id: UUID) -> None:
    """End a session of the caller; one that has ended stays so. Raises SessionNotFound."""
    found = work.sessions.get(session_id)
    if found is None or found.user_id != of.account:
        raise SessionNotFound
    _end(work, of.account, session_id, "signed_out")


def end_all(work: Work, user_id: UUID, reason: str, *, but: UUID | None = None) -> None:
    """End all sessions of an account, `but` this one."""
    for session_id in work.sessions.running_of(user_id):
        if session_id != but:
            _end(work, user_id, session_id, reason)


def caller(work: Work, user_id: UUID, session_id: UUID) -> Caller:
    """The caller with the present shops and roles: granted ones, and merchant if the account works for a shop."""
    account = work.accounts.get(user_id)
    assert account
    shops = frozenset(shop.shop_id for shop, _ in work.shops.of_member(user_id))
    roles = frozenset(Role(role) for role in account.granted_roles)
    merchant = frozenset({Role.MERCHANT}) if shops else frozenset[Role]()
    return Caller(user_id=user_id, session_id=session_id, roles=roles | merchant, shops=shops)


def _end(work: Work, user_id: UUID, session_id: UUID, reason: str) -> None:
    """End a session and its access tokens: in this process at once, elsewhere when the event arrives."""
    if work.sessions.end(session_id, reason):
        work.publish(SessionEnded(session_id=session_id, user_id=user_id))
        work.after_commit(partial(auth.end_session, session_id))


def _successor(work: Work, token: str, link: Link) -> Link | None:
    return work.sessions.link(digest_of(successor_of(token, link.salt))) if link.salt else None


def _successor_token(work: Work, token: str, link: Link) -> str:
    if link.salt:
        return successor_of(token, link.salt)
    salt = new_salt()
    work.sessions.use(link, salt, work.now)
    following = successor_of(token, salt)
    work.sessions.add_link(Link(digest=digest_of(following), session_id=link.session_id))
    return following
