"""`python -m users.create_auditor EMAIL`: appoint the auditor, with the password in AUDITOR_PASSWORD."""

import sys

from shared import settings
from users.accounts.front import GrantedRole
from users.appointing import appoint


def main(email: str) -> None:
    """Appoint this account as an auditor."""
    appoint(email, settings.secret_text("AUDITOR_PASSWORD"), GrantedRole.AUDITOR)


if __name__ == "__main__":
    main(*sys.argv[1:])
