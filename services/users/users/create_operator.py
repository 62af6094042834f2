"""`python -m users.create_operator EMAIL`: the first operator, with the password in OPERATOR_PASSWORD.

An account that is there already becomes an operator if that is its password, so running it again is harmless.
With another password it may be a stranger's, who took the address first: nobody proves that an address is theirs.
"""

import sys

from shared import settings
from shared.db import Database
from users.passwords import Passwords
from users.schemas import Register
from users.use_cases import accounts
from users.work import Work


def main(email: str) -> None:
    """Make the account an operator's."""
    wish = Register(email=email, password=settings.text("OPERATOR_PASSWORD"), name="Operator")
    passwords = Passwords()
    hashed = accounts.hash_new(passwords, wish)
    with Database.standalone("users", Work)() as work:
        account = accounts.make_operator(work, passwords, wish, hashed)
    sys.stdout.write(f"{account.email} is an operator\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
