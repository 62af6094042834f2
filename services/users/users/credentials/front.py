"""The interface of credentials for other modules of users."""

from users.credentials.use_cases import new_link

__all__ = ["new_link"]
