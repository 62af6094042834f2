"""What other modules of users may use."""

from users.accounts.model import Account, Standing, check_name, normalise_email

__all__ = ["Account", "Standing", "check_name", "normalise_email"]
