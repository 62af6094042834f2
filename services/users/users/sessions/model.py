"""The rules of passwords, of sign-in attempts, and of sessions.

The first wrong passwords for an address are free; each further one doubles the wait. An attempt is counted before
its password is checked, so that guessing in parallel gains nothing; the right password clears the count. Unknown
addresses are counted in the same way, so that the wait does not reveal whether an account exists.

A session is one sign-in on one device, kept alive by single-use refresh tokens. A refresh token is 256 random
bits, of which only the SHA-256 is stored. Using a token returns its successor. Using it again means that two
parties have it, so the session ends (RFC 9700 §4.14.2).

Two tabs may refresh with the same token at the same time. Within GRACE, and while the successor is unused, the
second one gets **the same** successor: HMAC-SHA-256 of a stored salt, keyed with the token itself. So a session
has one valid token at any time, which neither the database nor an old token alone reveals.
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

from shared.errors import Invalid, Kind, NotFound, Refusal, Unauthenticated

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
# Common passwords in China that zxcvbn's lists (`passwords.guesses`) do not contain.
COMMON_PASSWORDS = frozenset(
    {"woaini1314", "woaini520", "woaini521", "5201314520", "1314520520", "147258369", "aini1314520", "zhongguo123"}
)
LEFT = 5  # characters that a password must have besides the name and the address of its owner

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)  # an attacker cannot lock the owner out for longer than this
FORGOTTEN_AFTER = timedelta(hours=1)

GRACE = timedelta(seconds=10)
IDLE = timedelta(days=30)  # a session without a refresh for so long has ended
LONGEST = timedelta(days=180)  # and so has one that started so long ago


class PasswordWeak(Invalid):
    """The password is too easy to guess; `reason` is length, email, name or common."""

    code = "password_weak"


class CredentialsInvalid(Unauthenticated):
    """Email address or password is wrong."""

    code = "credentials_invalid"


class PasswordIncorrect(Invalid):
    """The password is not that of the account."""

    code = "password_incorrect"


class AttemptLimitReached(Refusal):
    """Too many wrong passwords; `retry_after` is the number of seconds to wait."""

    kind, code = Kind.TOO_MANY, "attempt_limit_reached"


class RefreshTokenInvalid(Unauthenticated):
    """The refresh token is unknown, or its session has ended; sign in again."""

    code = "refresh_token_invalid"


class RefreshTokenReused(Unauthenticated):
    """The refresh token was used before: the session has ended, sign in again."""

    code = "refresh_token_reused"


class SessionNotFound(NotFound):
    """The account has no such session."""

    code = "session_not_found"


def normalise_password(raw: str) -> str:
    """The password in NFKC, as it is hashed: different encodings of the same characters are equal."""
    return unicodedata.normalize("NFKC", raw)


def check_password(password: str, email: str, name: str) -> None:
    """Raise PasswordWeak for an easily guessed password. No kinds of characters are required."""
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
    """Words about the owner that an attacker would combine with others."""
    return [email, *re.split("[@.]", email), name, *name.split()]


def _is_made_of(password: str, known: list[str]) -> bool:
    """Whether a password without these words, in any case and punctuation, is shorter than LEFT."""
    left = _plain(password)
    for word in sorted(map(_plain, known), key=len, reverse=True):
        left = left.replace(word, "") if len(word) > 1 else left
    return len(left) < min(LEFT, len(_plain(password)))


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, normalise_password(text).lower()))


@dataclass(frozen=True)
class Guard:
    """The failed attempts on one address."""

    failures: int = 0
    last_at: datetime | None = None

    def attempt(self, now: datetime) -> "Guard":
        """The guard with one more attempt. Raises AttemptLimitReached while the address must wait."""
        if self.last_at is None or now - self.last_at > FORGOTTEN_AFTER:
            return Guard(1, now)
        now = max(now, self.last_at)  # the clocks of two machines differ
        left = self.last_at + wait_after(self.failures) - now
        if left > timedelta(0):
            raise AttemptLimitReached(retry_after=int(left.total_seconds()) + 1)
        return Guard(self.failures + 1, now)


def wait_after(failures: int) -> timedelta:
    """The wait after so many wrong passwords in a row: none at first, then doubling up to LONGEST_WAIT."""
    if failures < FREE_ATTEMPTS:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failures - FREE_ATTEMPTS, 10), LONGEST_WAIT)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A sign-in; `ended` is the reason it is over. `device` has a browser and a system, if they are known."""

    session_id: UUID
    user_id: UUID
    started_at: datetime
    used_at: datetime
    ended: str | None = None
    device: dict[str, str] | None = None

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
        """Whether it is unused, or reused within GRACE while its successor is unused."""
        if self.used_at is None:
            return True
        return now - self.used_at <= GRACE and successor is not None and successor.used_at is None


def new_token() -> str:
    """A refresh token: 256 random bits in base64url."""
    return secrets.token_urlsafe(32)


def new_salt() -> bytes:
    return secrets.token_bytes(32)


def successor_of(token: str, salt: bytes) -> str:
    """The successor of a token; the same for the same salt."""
    return urlsafe_b64encode(hmac.digest(token.encode(), salt, "sha256")).rstrip(b"=").decode()


def digest_of(token: str) -> bytes:
    """The digest under which a token is stored."""
    return hashlib.sha256(token.encode()).digest()
