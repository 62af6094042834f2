"""What other modules of users may use."""

from users.erasure.use_cases import check_stays

__all__ = ["check_stays"]
