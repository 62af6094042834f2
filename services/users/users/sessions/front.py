"""The interface of sessions for other modules of users."""

from users.sessions.passwords import Passwords
from users.sessions.use_cases import attempt

__all__ = ["Passwords", "attempt"]
