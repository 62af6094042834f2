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
# The heads of the published lists; a guesser tries these first.
COMMON_PASSWORDS = frozenset(
    """
    12345678 123456789 1234567890 11111111 00000000 88888888 66666666 87654321 123123123 147258369 password
    password1 passw0rd p@ssw0rd qwertyui qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx q1w2e3r4 asdfghjkl zxcvbnm123
    iloveyou sunshine princess football baseball superman letmein1 welcome1 admin123 administrator abc12345
    abcd1234 a1234567 a123456789 aa123456 woaini1314 woaini520 5201314520 trustno1 dragon123 monkey123
    """.split()  # noqa: SIM905 - a list of words reads best as words
)


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
    """The password is too easy to guess; `reason` says why."""

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


def check_password(password: str, email: str) -> None:
    """Raise WeakPassword for what a guesser tries first. Length counts; kinds of characters do not."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", reason="length"
        )
    lowered = password.lower()
    if lowered in (email, email.partition("@")[0]):
        raise WeakPassword("The password is the email address.", reason="email")
    if lowered in COMMON_PASSWORDS or len(set(lowered)) == 1:
        raise WeakPassword("This password is on everybody's list.", reason="common")
