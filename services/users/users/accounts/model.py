"""An account: an email address, a name, and what its owner may do."""

import re
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


class Standing(StrEnum):
    """What an account may be by itself; working for a shop makes a merchant of it besides."""

    SHOPPER = "shopper"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Language(StrEnum):
    """The language that an account's owner is written to in."""

    ZH = "zh"
    EN = "en"


class EmailInvalid(Invalid):
    """That is not an email address."""

    code = "email_invalid"


class NameInvalid(Invalid):
    """A name has letters to be seen, on one line."""

    code = "name_invalid"


class EmailTaken(Conflict):
    """There is an account with this email address."""

    code = "email_taken"


class AccountNotFound(NotFound):
    """There is no such account."""

    code = "account_not_found"


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person who signs in. `password_hash` is argon2id in PHC string format."""

    user_id: UUID
    email: str
    name: str
    password_hash: str
    standings: frozenset[Standing]
    created_at: datetime
    language: Language = Language.ZH

    @property
    def is_erased(self) -> bool:
        """Whether its owner was erased: the row stays under the id, without an address."""
        return not self.email


def normalise_email(written: str) -> str:
    """The address as it is stored and compared: trimmed, lower case. Raises EmailInvalid."""
    email = written.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise EmailInvalid
    return email


def check_name(written: str) -> str:
    """The name of a person or shop, normalised.

    Raises NameInvalid for nothing visible, or what would break a line.
    """
    try:
        name = text.person(written)
    except text.UnfitText:
        raise NameInvalid from None
    if not name:
        raise NameInvalid
    return name
