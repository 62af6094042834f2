"""`make operator EMAIL=…`: make an account of the running system an operator.

    OPERATOR_PASSWORD=… python -m local.appointing EMAIL

An existing account needs its own password. Exit status: 0 done, 1 refused, 2 no system runs here.
"""

import os
import subprocess
import sys

from local import system
from local.auditing import AUDIT_INCOMPLETE, running_site


def main(email: str) -> int:
    """Appoint the account; it is created if it does not exist."""
    try:
        site = running_site()
    except RuntimeError as reason:
        sys.stderr.write(f"{reason}\n")
        return AUDIT_INCOMPLETE
    command = [sys.executable, "-m", "users.create_operator", email]
    return subprocess.run(command, env=os.environ | system.settings(site, "users"), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
