"""The interface of sessions for other modules of users."""

from users.sessions.model import PasswordIncorrect, digest_of, new_token
from users.sessions.passwords import Passwords
from users.sessions.use_cases import attempt, confirm, count_attempt, end_all

__all__ = [
    "PasswordIncorrect",
    "Passwords",
    "attempt",
    "confirm",
    "count_attempt",
    "digest_of",
    "end_all",
    "new_token",
]
