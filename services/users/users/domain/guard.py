"""Slowing a guesser down: each wrong password for an address makes the next try wait longer.

An attempt counts before its password is looked at, so that guessing in parallel gains nothing; the right
password clears the count. Unknown addresses are counted alike, so that the wait tells nothing about them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Kind, Refusal, Unauthenticated

FREE_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)  # whoever guesses locks the owner out for no longer than this
FORGOTTEN_AFTER = timedelta(hours=1)


class WrongCredentials(Unauthenticated):
    """Email address or password is wrong."""

    code = "wrong_credentials"


class TooManyAttempts(Refusal):
    """Too many wrong passwords; `retry_after` is the number of seconds to wait."""

    kind, code = Kind.TOO_MANY, "too_many_attempts"


@dataclass(frozen=True)
class Guard:
    """What is remembered of the attempts on one address."""

    failures: int = 0
    last_at: datetime | None = None

    def attempt(self, now: datetime) -> "Guard":
        """The guard with one attempt more. Raises TooManyAttempts while the address must wait."""
        if self.last_at is None or now - self.last_at > FORGOTTEN_AFTER:
            return Guard(1, now)
        now = max(now, self.last_at)  # two machines' clocks differ
        left = self.last_at + wait_after(self.failures) - now
        if left > timedelta(0):
            raise TooManyAttempts(retry_after=int(left.total_seconds()) + 1)
        return Guard(self.failures + 1, now)


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many wrong passwords in a row: nothing at first, then doubling."""
    if failures < FREE_ATTEMPTS:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failures - FREE_ATTEMPTS, 10), LONGEST_WAIT)
