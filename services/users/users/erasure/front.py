"""The interface of erasure for other modules of users."""

from users.erasure.use_cases import check_not_being_erased

__all__ = ["check_not_being_erased"]
