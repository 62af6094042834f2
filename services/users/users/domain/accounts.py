"""An account: an email address, a password, and what its owner may do."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared import text
from shared.errors import Conflict, Invalid, NotFound

# The address form of HTML's <input type=email> (WHATWG), in lower case and with a dot in the domain.
LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
EMAIL = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})+")
LONGEST_EMAIL = 254
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
# What guessers in China try first and the published lists do not hold; `users.guessing` knows those.
COMMON_PASSWORDS = frozenset(
    {"woaini1314", "woaini520", "woaini521", "5201314520", "1314520520", "147258369", "aini1314520", "zhongguo123"}
)
LEFT = 5  # characters that a password must have beside the name and the address of its owner


class Standing(StrEnum):
    """What an account may be by itself; working for a shop makes a merchant of it besides."""

    SHOPPER = "shopper"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class NoEmail(Invalid):
    """That is not an email address."""

    code = "invalid_email"


class NoName(Invalid):
    """A name has letters to be seen, on one line."""

    code = "invalid_name"


class WeakPassword(Invalid):
    """The password is among the first that are tried; `reason` says why: length, email, name, common."""

    code = "weak_password"


class EmailTaken(Conflict):
    """There is an account with this email address."""

    code = "email_taken"


class UnknownAccount(NotFound):
    """There is no such account."""

    code = "unknown_account"


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person who signs in. `password_hash` is argon2id in PHC string format."""

    user_id: UUID
    email: str
    name: str
    password_hash: str
    standings: frozenset[Standing]
    created_at: datetime


def normalise_email(written: str) -> str:
    """The address as it is stored and compared: trimmed, lower case. Raises NoEmail."""
    email = written.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise NoEmail
    return email


def check_name(written: str) -> str:
    """The name of a person or shop, normalised. Raises NoName for nothing visible, or what would break a line."""
    try:
        name = text.person(written)
    except text.UnfitText:
        raise NoName from None
    if not name:
        raise NoName
    return name


def normalise_password(written: str) -> str:
    """The password as it is hashed (NFKC): two keyboards that write one character differently agree."""
    return unicodedata.normalize("NFKC", written)


def check_password(password: str, email: str, name: str) -> None:
    """Raise WeakPassword for what a guesser who knows the account tries first. Any kind of character will do."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", reason="length"
        )
    if _is_made_of(password, [email, *email.split("@"), *re.split("[@.]", email)]):
        raise WeakPassword("The password is made of the email address.", reason="email")
    if _is_made_of(password, [name, *name.split()]):
        raise WeakPassword("The password is made of the name.", reason="name")
    if password.lower() in COMMON_PASSWORDS or len(set(password.lower())) == 1:
        raise WeakPassword(reason="common")


def personal_words(email: str, name: str) -> list[str]:
    """What a guesser who knows the account combines with other words."""
    return [email, *re.split("[@.]", email), name, *name.split()]


def _is_made_of(password: str, known: list[str]) -> bool:
    """Whether hardly anything is left of a password without these, however they are written."""
    left = _plain(password)
    for word in sorted(map(_plain, known), key=len, reverse=True):
        left = left.replace(word, "") if len(word) > 1 else left
    return len(left) < min(LEFT, len(_plain(password)))


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, normalise_password(text).lower()))
