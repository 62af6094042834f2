"""What other modules of users may use."""

from users.sessions.passwords import Passwords
from users.sessions.use_cases import attempt

__all__ = ["Passwords", "attempt"]
