"""Opening accounts."""

from shared.contracts.users import UserRegistered
from shared.ids import new_id
from shared.operating import log
from users.domain.accounts import (
    Account,
    EmailTaken,
    Standing,
    check_name,
    check_password,
    normalise_email,
    normalise_password,
    personal_words,
)
from users.passwords import Passwords
from users.schemas import Register
from users.work import Work


def hash_new(passwords: Passwords, wish: Register) -> str:
    """The hash of a password that may be used; made outside of any work. Raises WeakPassword, NoEmail."""
    email = normalise_email(wish.email)
    check_password(normalise_password(wish.password), email, wish.name)
    passwords.check(wish.password, personal_words(email, wish.name))
    return passwords.hash(wish.password)


def register(work: Work, wish: Register, password_hash: str) -> Account:
    """Open an account and say so. Raises EmailTaken."""
    new = Account(
        user_id=new_id(),
        email=normalise_email(wish.email),
        name=check_name(wish.name),
        password_hash=password_hash,
        standings=frozenset({Standing.SHOPPER}),
        created_at=work.now,
    )
    if not work.accounts.add(new):
        raise EmailTaken
    work.say(UserRegistered(user_id=new.user_id))
    return new


def appoint(work: Work, passwords: Passwords, wish: Register, password_hash: str, standing: Standing) -> Account:
    """Give somebody a standing that nobody can ask for, once.

    Raises EmailTaken if the account has another password.
    """
    known = work.accounts.of_email(normalise_email(wish.email)) or register(work, wish, password_hash)
    if not passwords.matches(known.password_hash, wish.password):
        raise EmailTaken
    if standing not in known.standings:
        work.accounts.grant(known.user_id, standing)
        _note(work, known, standing)
    return known


def _note(work: Work, appointed: Account, standing: Standing) -> None:
    log.note(
        work,
        actor="command line",
        action="account.appoint",
        about=f"account {appointed.user_id}",
        before={"roles": sorted(appointed.standings)},
        after={"roles": sorted({*appointed.standings, standing})},
    )
