"""`make operator EMAIL=…`: make an account of the running system an operator's.

    OPERATOR_PASSWORD=… python -m local.appointing EMAIL

An account that is there already has to be given with its own password. Exit status: 0 done, 1 refused, 2 nothing
runs here.
"""

import os
import subprocess
import sys

from local import system
from local.auditing import AUDIT_INCOMPLETE, running_site


def main(email: str) -> int:
    """Appoint the account, which is made if it is missing."""
    try:
        site = running_site()
    except RuntimeError as reason:
        sys.stderr.write(f"{reason}\n")
        return AUDIT_INCOMPLETE
    command = [sys.executable, "-m", "users.create_operator", email]
    return subprocess.run(command, env=os.environ | system.settings(site, "users"), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
