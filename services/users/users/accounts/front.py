"""The interface of accounts for other modules of users."""

from users.accounts.model import Account, AccountNotFound, Language, Standing, check_name, normalise_email

__all__ = ["Account", "AccountNotFound", "Language", "Standing", "check_name", "normalise_email"]
