"""`python -m users.create_auditor EMAIL`: the account of the auditor, with the password in AUDITOR_PASSWORD."""

import sys

from shared import settings
from users.accounts.front import Standing
from users.appointing import appoint


def main(email: str) -> None:
    """Make the account the auditor's."""
    appoint(email, settings.secret_text("AUDITOR_PASSWORD"), Standing.AUDITOR)


if __name__ == "__main__":
    main(*sys.argv[1:])
