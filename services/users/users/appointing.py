"""Accounts that nobody can ask for, made from the command line."""

import sys

from shared.db import Database
from users.domain.accounts import Standing
from users.passwords import Passwords
from users.schemas import Register
from users.use_cases import accounts
from users.work import Work


def appoint(email: str, password: str, standing: Standing) -> None:
    """Make the account of this address, or the one that is there, an operator's or an auditor's.

    Running it again is harmless. An account with another password may be a stranger's, who took the address first:
    nobody proves that an address is theirs.
    """
    wish = Register(email=email, password=password, name=standing.capitalize())
    passwords = Passwords()
    hashed = accounts.hash_new(passwords, wish)
    with Database.standalone("users", Work)() as work:
        account = accounts.appoint(work, passwords, wish, hashed, standing)
    sys.stdout.write(f"{account.email} is an {standing}\n")
