"""`python -m users.create_operator EMAIL`: appoint an operator, with the password in OPERATOR_PASSWORD."""

import sys

from shared import settings
from users.accounts.front import GrantedRole
from users.appointing import appoint


def main(email: str) -> None:
    """Appoint this account as an operator."""
    appoint(email, settings.text("OPERATOR_PASSWORD"), GrantedRole.OPERATOR)


if __name__ == "__main__":
    main(*sys.argv[1:])
