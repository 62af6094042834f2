"""The rules of passwords, of guessing them, and of the sessions that a right one starts.

Each wrong password for an address makes the next try wait longer. An attempt counts before its password is looked
at, so that guessing in parallel gains nothing; the right password clears the count. Unknown addresses are counted
alike, so that the wait tells nothing about them.

A session is one sign-in on one device, kept alive by refresh tokens that are used once each. A refresh token is
256 random bits; only its SHA-256 is kept. Using it gives its successor, and using it again means that two hold it:
the whole session ends (RFC 9700 §4.14.2).

Two tabs may refresh at the same time with one token. Within GRACE, and while the successor is unused, the second
one gets **the same** successor: HMAC-SHA-256 of a stored salt, keyed with the token itself. So a session has one
living token at any time, and neither the database nor an old token alone tells it.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Invalid, Kind, Refusal, Unauthenticated

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
# What guessers in China try first and the published lists do not hold; `passwords.guesses` knows those.
COMMON_PASSWORDS = frozenset(
    {"woaini1314", "woaini520", "woaini521", "5201314520", "1314520520", "147258369", "aini1314520", "zhongguo123"}
)
LEFT = 5  # characters that a password must have beside the name and the address of its owner

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)  # whoever guesses locks the owner out for no longer than this
FORGOTTEN_AFTER = timedelta(hours=1)

GRACE = timedelta(seconds=10)
IDLE = timedelta(days=30)  # without a refresh for so long, sign in again
LONGEST = timedelta(days=180)  # and after so long in any case


class PasswordWeak(Invalid):
    """The password is among the first that are tried; `reason` says why: length, email, name, common."""

    code = "password_weak"


class CredentialsInvalid(Unauthenticated):
    """Email address or password is wrong."""

    code = "credentials_invalid"


class AttemptLimitReached(Refusal):
    """Too many wrong passwords; `retry_after` is the number of seconds to wait."""

    kind, code = Kind.TOO_MANY, "attempt_limit_reached"


class RefreshTokenInvalid(Unauthenticated):
    """The refresh token is unknown, or its session has ended; sign in again."""

    code = "refresh_token_invalid"


class RefreshTokenReused(Unauthenticated):
    """The refresh token was used before: the session has ended, sign in again."""

    code = "refresh_token_reused"


def normalise_password(written: str) -> str:
    """The password as it is hashed (NFKC): two keyboards that write one character differently agree."""
    return unicodedata.normalize("NFKC", written)


def check_password(password: str, email: str, name: str) -> None:
    """Raise PasswordWeak for what a guesser who knows the account tries first. Any kind of character will do."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordWeak(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", reason="length"
        )
    if _is_made_of(password, [email, *email.split("@"), *re.split("[@.]", email)]):
        raise PasswordWeak("The password is made of the email address.", reason="email")
    if _is_made_of(password, [name, *name.split()]):
        raise PasswordWeak("The password is made of the name.", reason="name")
    if password.lower() in COMMON_PASSWORDS or len(set(password.lower())) == 1:
        raise PasswordWeak(reason="common")


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


@dataclass(frozen=True)
class Guard:
    """What is remembered of the attempts on one address."""

    failures: int = 0
    last_at: datetime | None = None

    def attempt(self, now: datetime) -> "Guard":
        """The guard with one attempt more. Raises AttemptLimitReached while the address must wait."""
        if self.last_at is None or now - self.last_at > FORGOTTEN_AFTER:
            return Guard(1, now)
        now = max(now, self.last_at)  # two machines' clocks differ
        left = self.last_at + wait_after(self.failures) - now
        if left > timedelta(0):
            raise AttemptLimitReached(retry_after=int(left.total_seconds()) + 1)
        return Guard(self.failures + 1, now)


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many wrong passwords in a row: nothing at first, then doubling."""
    if failures < FREE_ATTEMPTS:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failures - FREE_ATTEMPTS, 10), LONGEST_WAIT)


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
