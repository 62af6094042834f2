"""The interface of accounts for other modules of users."""

from users.accounts.model import Account, AccountNotFound, GrantedRole, Language, check_name, normalise_email

__all__ = ["Account", "AccountNotFound", "GrantedRole", "Language", "check_name", "normalise_email"]
