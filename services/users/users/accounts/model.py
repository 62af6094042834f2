"""Accounts: email address, name, and roles."""

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
MASK = "•••"  # of a fixed length, which tells nothing


class GrantedRole(StrEnum):
    """A role granted to an account. Members of a shop have the role merchant in addition."""

    SHOPPER = "shopper"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Language(StrEnum):
    """The language of messages to an account's owner."""

    ZH = "zh"
    EN = "en"


class EmailInvalid(Invalid):
    """The value is not an email address."""

    code = "email_invalid"


class NameInvalid(Invalid):
    """A name has visible characters on one line."""

    code = "name_invalid"


class EmailTaken(Conflict):
    """There is an account with this email address."""

    code = "email_taken"


class AccountNotFound(NotFound):
    """There is no such account."""

    code = "account_not_found"


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account. `password_hash` is argon2id in PHC string format."""

    user_id: UUID
    email: str
    name: str
    password_hash: str
    granted_roles: frozenset[GrantedRole]
    created_at: datetime
    language: Language = Language.ZH

    @property
    def is_erased(self) -> bool:
        """Whether its owner was erased: the row is kept under its id, without an address."""
        return not self.email


def normalise_email(raw: str) -> str:
    """The address as it is stored and compared: trimmed, lower case. Raises EmailInvalid."""
    email = raw.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise EmailInvalid
    return email


def check_name(raw: str) -> str:
    """The normalised name of a user or shop. Raises NameInvalid if nothing is visible, or for line breaks."""
    try:
        name = text.person(raw)
    except text.UnfitText:
        raise NameInvalid from None
    if not name:
        raise NameInvalid
    return name


def masked(value: str) -> str:
    """The first character of a name or an address, and the domain of an address; empty if there is nothing."""
    local, at, domain = value.partition("@")
    return f"{local[:1]}{MASK}{at}{domain}" if value else ""
