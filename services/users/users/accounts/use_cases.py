"""Registration, and appointing operators and auditors."""

from uuid import UUID

from shared.contracts.users import UserRegistered
from shared.contracts.users.requests import Register
from shared.ids import new_id
from shared.operating import log
from users.accounts.model import Account, EmailTaken, GrantedRole, Language, check_name, normalise_email
from users.messages import front as messages
from users.sessions.front import Passwords
from users.work import Work


def hash_new(passwords: Passwords, request: Register) -> str:
    """Check and hash a new password, outside of any transaction. Raises PasswordWeak, EmailInvalid."""
    return passwords.hash_new(request.password, normalise_email(request.email), request.name)


def register(work: Work, request: Register, password_hash: str) -> Account:
    """Open an account, publish UserRegistered, and send the welcome message. Raises EmailTaken."""
    new = open_account(work, request, password_hash)
    messages.send(work, new.user_id, "welcome", messages.Purpose.ACCOUNT)
    return new


def open_account(work: Work, request: Register, password_hash: str) -> Account:
    """Open an account and publish UserRegistered. Raises EmailTaken."""
    new = Account(
        user_id=new_id(),
        email=normalise_email(request.email),
        name=check_name(request.name),
        password_hash=password_hash,
        granted_roles=frozenset({GrantedRole.SHOPPER}),
        created_at=work.now,
        language=Language(request.language),
    )
    if not work.accounts.add(new):
        raise EmailTaken
    work.publish(UserRegistered(user_id=new.user_id))
    return new


def change_name(work: Work, user_id: UUID, name: str) -> None:
    """Change an account's name. Raises AccountNotFound, NameInvalid."""
    work.accounts.lock(user_id)
    work.accounts.rename(user_id, check_name(name))


def appoint(work: Work, passwords: Passwords, request: Register, password_hash: str, role: GrantedRole) -> Account:
    """Grant a role that cannot be requested; opens the account if there is none. Safe to repeat.

    Raises EmailTaken if the account has another password.
    """
    known = work.accounts.of_email(normalise_email(request.email)) or open_account(work, request, password_hash)
    if not passwords.matches(known.password_hash, request.password):
        raise EmailTaken
    if role not in known.granted_roles:
        work.accounts.grant(known.user_id, role)
        _log_appointment(work, known, role)
    return known


def _log_appointment(work: Work, appointed: Account, role: GrantedRole) -> None:
    log.note(
        work,
        actor="command line",
        action="account.appoint",
        about=f"account {appointed.user_id}",
        before={"roles": sorted(appointed.granted_roles)},
        after={"roles": sorted({*appointed.granted_roles, role})},
    )
