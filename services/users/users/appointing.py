"""Appoints operators and auditors from the command line."""

import sys

from shared.contracts.users.requests import Register
from shared.db import Database
from users.accounts import use_cases
from users.accounts.front import GrantedRole
from users.sessions.front import Passwords
from users.work import Work


def appoint(email: str, password: str, role: GrantedRole) -> None:
    """Make the account with this address an operator or auditor; open it if there is none. Safe to repeat.

    An account with another password is refused (EmailTaken): addresses are not verified, so it may belong to a
    stranger who registered the address first.
    """
    request = Register(email=email, password=password, name=role.capitalize())
    passwords = Passwords()
    hashed = use_cases.hash_new(passwords, request)
    with Database.standalone("users", Work)() as work:
        account = use_cases.appoint(work, passwords, request, hashed, role)
    sys.stdout.write(f"{account.email} is an {role}\n")
