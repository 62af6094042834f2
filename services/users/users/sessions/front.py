"""What other modules of users may use."""

from users.sessions.passwords import Passwords

__all__ = ["Passwords"]
