"""What other modules of users may use."""

from users.messages.model import Purpose
from users.messages.use_cases.sending import send

__all__ = ["Purpose", "send"]
