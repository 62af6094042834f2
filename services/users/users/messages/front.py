"""The interface of messages for other modules of users."""

from users.messages.model import Purpose
from users.messages.use_cases.sending import send

__all__ = ["Purpose", "send"]
