"""The recovery of a password: by a link that is sent by mail, valid once and for half an hour.

A link is made when its mail is sent, so that the token, 256 random bits, is in the mail alone: of it only the
SHA-256 is stored. A mail that is sent again has another link.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Invalid

VALID = timedelta(minutes=30)


class RecoveryTokenInvalid(Invalid):
    """The link was used, has expired, or never existed; request another one."""

    code = "recovery_token_invalid"


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """A link to set a new password, by the digest of its token."""

    token_digest: bytes
    user_id: UUID
    created_at: datetime

    def check_valid(self, now: datetime) -> None:
        """Raise RecoveryTokenInvalid once it has expired."""
        if now >= self.created_at + VALID:
            raise RecoveryTokenInvalid


def guard_of(email: str) -> str:
    """What counts the requests for links to an address; attempts to sign in are counted apart.

    So whoever has guessed too often can request a link at once, and too many requests keep nobody from signing in.
    """
    return f"recovery {email}"


def address(site: str, token: str) -> str:
    """The address of the link: servers do not see, and do not log, what is behind the #."""
    return f"{site.rstrip('/')}/recover#{token}"
