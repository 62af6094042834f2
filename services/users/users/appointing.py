"""Accounts that nobody can ask for, made from the command line."""

import sys

from shared.contracts.users.requests import Register
from shared.db import Database
from users.accounts import use_cases
from users.accounts.front import Standing
from users.sessions.front import Passwords
from users.work import Work


def appoint(email: str, password: str, standing: Standing) -> None:
    """Make the account of this address, or the one that is there, an operator's or an auditor's.

    Running it again is harmless. An account with another password may be a stranger's, who took the address first:
    nobody proves that an address is theirs.
    """
    request = Register(email=email, password=password, name=standing.capitalize())
    passwords = Passwords()
    hashed = use_cases.hash_new(passwords, request)
    with Database.standalone("users", Work)() as work:
        account = use_cases.appoint(work, passwords, request, hashed, standing)
    sys.stdout.write(f"{account.email} is an {standing}\n")
