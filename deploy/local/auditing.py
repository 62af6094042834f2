"""`make audit`: check that the data of the running system adds up.

    python -m local.auditing [ARGUMENTS OF THE AUDITOR]

Exit status: 0 clean, 1 findings, 2 the audit could not run.
"""

import os
import subprocess
import sys
from dataclasses import dataclass

from local import RUN_DIR, databases, draining, system
from local.ports import Ports
from local.run import is_held
from local.servers import Servers
from local.supervisor import run_all

AUDIT_INCOMPLETE = 2


@dataclass(frozen=True)
class AuditResult:
    """The auditor's report, and its exit status."""

    status: int
    text: str


def audit(site: system.Site, *, repair: bool = False, settled: bool = True, full: bool = True) -> AuditResult:
    """Audit a system that was prepared here and runs; `settled`: no message or saga is in progress."""
    options = ["--full"] * full + ["--settled"] * settled + ["--repair"] * repair
    ended = subprocess.run(_command(*options), env=_environment(site), capture_output=True, text=True, check=False)
    return AuditResult(ended.returncode, ended.stdout + ended.stderr)


class Inconsistent(Exception):
    """A settled system does not add up; the text is the report."""


def check_consistent(site: system.Site, servers: Servers, *, within: float = 180.0, full: bool = True) -> None:
    """Wait until the system is drained, then audit. Raises Inconsistent, or TooLate if it does not drain.

    The report is stored with the logs. Not `full`: only what earlier audits have not proven.
    """
    draining.wait_until_drained(site, servers, within)
    ended = audit(site, full=full)
    (site.run_dir / "logs" / "audit.log").write_text(ended.text)
    if ended.status:
        raise Inconsistent(ended.text)


def make_account(site: system.Site) -> None:
    """Create the auditor's account if it does not exist; its password is a secret of the installation."""
    run_all([system.auditor_account(site)], site.run_dir / "logs")


def _command(*options: str) -> list[str]:
    return [sys.executable, "-m", "auditor", *options]


def _environment(site: system.Site) -> dict[str, str]:
    return os.environ | system.auditor_settings(site)


def running_site() -> system.Site:
    """The system that runs from this folder."""
    holder = RUN_DIR / "supervisor.pid"
    if not (holder.exists() and is_held(holder)):
        raise RuntimeError("the system does not run from this folder; `make run` starts it")
    servers = Servers(RUN_DIR)
    names = {service: f"jishi_{service}" for service in system.SERVICES}
    urls = databases.create(servers, names.values())
    found = {service: urls[name] for service, name in names.items()}
    url = servers.amqp_url
    return system.Site(RUN_DIR, found, url, servers.redis_url, Ports(RUN_DIR), servers.caller_urls(url))


def main() -> int:
    """Audit with the given arguments; the first time, the account is created."""
    try:
        site = running_site()
        make_account(site)
    except RuntimeError as reason:
        sys.stderr.write(f"{reason}\n")
        return AUDIT_INCOMPLETE
    return subprocess.run(_command(*sys.argv[1:]), env=_environment(site), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
