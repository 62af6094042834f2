"""A session: one sign-in on one device, kept alive by refresh tokens that are used once each.

A refresh token is 256 random bits; only its SHA-256 is kept. Using it gives its successor, and using it
again means that two hold it: the whole session ends (RFC 9700 §4.14.2).

Two tabs may refresh at the same moment with one token. Within GRACE, and while the successor is unused,
the second one gets **the same** successor: HMAC-SHA-256 of a stored salt, keyed with the token itself. So a
session has one living token at any time, and neither the database nor an old token alone tells it.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Unauthenticated

GRACE = timedelta(seconds=10)
IDLE = timedelta(days=30)  # without a refresh for so long, sign in again
LONGEST = timedelta(days=180)  # and after so long in any case


class BadRefreshToken(Unauthenticated):
    """The refresh token is unknown, or its session has ended; sign in again."""

    code = "bad_refresh_token"


class RefreshTokenReused(Unauthenticated):
    """The refresh token was used before: the session has ended, sign in again."""

    code = "refresh_token_reused"


@dataclass(frozen=True, kw_only=True)
class Session:
    """A sign-in; `ended` is the reason it is over."""

    session_id: UUID
    user_id: UUID
    started_at: datetime
    used_at: datetime
    ended: str | None = None

    def alive(self, now: datetime) -> bool:
        """Whether it can still be refreshed."""
        return self.ended is None and now < min(self.used_at + IDLE, self.started_at + LONGEST)


@dataclass(frozen=True, kw_only=True)
class Link:
    """One refresh token of a session's chain, by its digest; `salt` is set when it was used."""

    digest: bytes
    session_id: UUID
    used_at: datetime | None = None
    salt: bytes | None = None

    def may_be_used(self, now: datetime, successor: "Link | None") -> bool:
        """Whether it is unused, or the second of two that raced."""
        if self.used_at is None:
            return True
        return now - self.used_at <= GRACE and successor is not None and successor.used_at is None


def new_token() -> str:
    """A refresh token: 256 random bits in base64url."""
    return secrets.token_urlsafe(32)


def new_salt() -> bytes:
    return secrets.token_bytes(32)


def successor_of(token: str, salt: bytes) -> str:
    """The token that follows this one; always the same for the same salt."""
    return urlsafe_b64encode(hmac.digest(token.encode(), salt, "sha256")).rstrip(b"=").decode()


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
