"""What other modules of users may use."""

from users.accounts.model import Account, AccountNotFound, Standing, check_name, normalise_email

__all__ = ["Account", "AccountNotFound", "Standing", "check_name", "normalise_email"]
