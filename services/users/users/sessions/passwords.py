"""Hashing passwords with argon2id and rating new ones, a few at a time, outside the service's main thread."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import matching, scoring

from shared.errors import Unavailable
from users.sessions.model import PasswordWeak, check_password, normalise_password, personal_words

# OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 20 ms.
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
SLOTS = os.cpu_count() or 1  # concurrent hashes
TIMEOUT = 5  # seconds to wait for a slot before Unavailable is raised

FEWEST_GUESSES = 10**6  # with the waits after wrong passwords this takes years (docs/accounts.md)
RATED = 72  # characters that are rated: the time grows with their square, at most 0.1 s for these

Run = Callable[..., Any]


def in_this_thread(work: Run, *arguments: Any) -> Any:
    """Run in this thread; a service passes `eventlet.tpool.execute` instead."""
    return work(*arguments)


class Passwords:
    """Makes and verifies hashes. `run` calls a function with its arguments in another thread."""

    def __init__(self, run: Run = in_this_thread, slots: int = SLOTS) -> None:
        self._run = run
        self._hasher = PasswordHasher(memory_cost=MEMORY_KIB, time_cost=PASSES, parallelism=LANES)
        self._slots = threading.BoundedSemaphore(slots)
        self._rating = threading.BoundedSemaphore(1)  # pure Python: several would slow down all requests
        self._dummy_hash = self._hasher.hash("nobody has this password")

    def hash_new(self, password: str, email: str, name: str) -> str:
        """Check a new password of the owner with this address and name; return its hash. Raises PasswordWeak."""
        check_password(normalise_password(password), email, name)
        self.check(password, personal_words(email, name))
        return self.hash(password)

    def hash(self, password: str) -> str:
        """The argon2id hash in PHC string format."""
        with _within(self._slots):
            return self._run(self._hasher.hash, normalise_password(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password matches. Without an account (None) it takes as long and is False."""
        with _within(self._slots):
            right = self._run(self._verify, stored or self._dummy_hash, normalise_password(password))
        return right and stored is not None

    def check(self, password: str, personal: Sequence[str]) -> None:
        """Raise PasswordWeak for a password with too few guesses, given these words about the owner."""
        with _within(self._rating):
            if self._run(guesses, normalise_password(password), personal) < FEWEST_GUESSES:
                raise PasswordWeak(reason="common")

    def needs_rehash(self, stored: str) -> bool:
        """Whether it was hashed with other than the present parameters."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


@contextmanager
def _within(slots: threading.BoundedSemaphore) -> Iterator[None]:
    if not slots.acquire(timeout=TIMEOUT):
        raise Unavailable
    try:
        yield
    finally:
        slots.release()


def guesses(password: str, personal: Sequence[str]) -> int:
    """The number of guesses that zxcvbn estimates for a password, given these words about the owner.

    zxcvbn's own entry point stores the words in a table that all threads share; here each call has its own.
    """
    own = matching.build_ranked_dict([word.lower() for word in personal])
    found = matching.omnimatch(password[:RATED], {**matching.RANKED_DICTIONARIES, "user_inputs": own})
    return int(scoring.most_guessable_match_sequence(password[:RATED], found)["guesses"])
