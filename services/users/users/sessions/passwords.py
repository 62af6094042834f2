"""Hashing passwords with argon2id, and judging new ones, off the service's own thread and a few at a time."""

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
PLACES = os.cpu_count() or 1  # hashes at a time
TIMEOUT = 5  # seconds to wait for a place before the answer is "ask again"

FEWEST_GUESSES = 10**6  # with the waits after wrong ones, years of trying (docs/accounts.md)
READ = 72  # characters whose guesses are counted: the time grows with their square, at the worst 0.1 s for these

Run = Callable[..., Any]


def here(work: Run, *arguments: Any) -> Any:
    """Run in this thread; a service passes `eventlet.tpool.execute` instead."""
    return work(*arguments)


class Passwords:
    """Makes and checks hashes. `run` calls a function with its arguments in a thread of its own."""

    def __init__(self, run: Run = here, places: int = PLACES) -> None:
        self._run = run
        self._hasher = PasswordHasher(memory_cost=MEMORY_KIB, time_cost=PASSES, parallelism=LANES)
        self._places = threading.BoundedSemaphore(places)
        self._judging = threading.BoundedSemaphore(1)  # it is Python: several would take turns with all requests
        self._nobodys = self._hasher.hash("nobody has this password")

    def hash_new(self, password: str, email: str, name: str) -> str:
        """The hash of a password that its owner, of this address and name, may use. Raises PasswordWeak."""
        check_password(normalise_password(password), email, name)
        self.check(password, personal_words(email, name))
        return self.hash(password)

    def hash(self, password: str) -> str:
        """The argon2id hash in PHC string format."""
        with _within(self._places):
            return self._run(self._hasher.hash, normalise_password(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password. Without an account (None) it takes as long, and is False."""
        with _within(self._places):
            right = self._run(self._verify, stored or self._nobodys, normalise_password(password))
        return right and stored is not None

    def check(self, password: str, personal: Sequence[str]) -> None:
        """Raise PasswordWeak for one that is guessed too soon by somebody who knows these words."""
        with _within(self._judging):
            if self._run(guesses, normalise_password(password), personal) < FEWEST_GUESSES:
                raise PasswordWeak(reason="common")

    def is_dated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


@contextmanager
def _within(places: threading.BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(timeout=TIMEOUT):
        raise Unavailable
    try:
        yield
    finally:
        places.release()


def guesses(password: str, personal: Sequence[str]) -> int:
    """How many guesses it takes somebody who knows these words about the owner, by zxcvbn's lists of
    passwords, words, names, dates and keyboard runs.

    zxcvbn's own function keeps the words in a table that all threads share; here each call has its own.
    """
    own = matching.build_ranked_dict([word.lower() for word in personal])
    found = matching.omnimatch(password[:READ], {**matching.RANKED_DICTIONARIES, "user_inputs": own})
    return int(scoring.most_guessable_match_sequence(password[:READ], found)["guesses"])
