"""`python -m auditor`: look once, say what was found.

    python -m auditor [--full] [--settled] [--repair] [--json]
    python -m auditor --watch [--repair]

Exit status 0: clean, 1: findings, 2: no findings, and a check could not look.
It goes on from what was proven before, which it keeps in the file AUDIT_STATE; `--full` looks at everything.
`--settled` is for a system in which nothing is on its way: then nothing is too young to count.
`--watch` looks again every AUDIT_EVERY_SECONDS (60), with metrics and health on OBSERVE_PORT.
"""

import argparse
import signal
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta

from auditor import audit, repairs, report
from auditor.changed import Changes
from auditor.checks import AuditIncomplete, Finding
from auditor.progress import FULL_EVERY, Progress
from auditor.proofs import Kept
from auditor.queries import RpcQueries
from auditor.registry import CHECKS
from auditor.watching import Watch
from shared import health, observe, settings
from shared.errors import Refusal
from shared.rpc_client import RpcClient


def main() -> int:
    """Audit once, or go on."""
    options = _options()
    with RpcClient(settings.text("AMQP_URL"), name="auditor") as rpc_client:
        queries = RpcQueries(rpc_client, settings.text("AUDITOR_EMAIL"), settings.secret_text("AUDITOR_PASSWORD"))
        return _watch(rpc_client, queries, options) if options.watch else _once(queries, options)


def _once(queries: RpcQueries, options: argparse.Namespace) -> int:
    try:
        return _audit(queries, options)
    except (AuditIncomplete, Refusal) as reason:
        sys.stderr.write(f"could not look: {reason}\n")
        return report.AUDIT_INCOMPLETE


def _audit(queries: RpcQueries, options: argparse.Namespace) -> int:
    found = audit.audit(
        CHECKS, queries, grace=None if options.settled else audit.GRACE, progress=_progress(queries, options)
    )
    if len(found.blind) == len(CHECKS):
        raise AuditIncomplete(found.blind[0].blind)
    sys.stdout.write((report.as_json if options.json else report.as_text)(found) + "\n")
    for line in repairs.carry_out(found.findings, queries) if options.repair else ():
        (sys.stderr if options.json else sys.stdout).write(f"{line}\n")
    return report.status(found)


def _watch(rpc_client: RpcClient, queries: RpcQueries, options: argparse.Namespace) -> int:
    """Look again and again. SIGTERM ends it wherever it is: it holds nothing."""
    observe.configure_logs("auditor")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))

    def look() -> audit.Report:
        with closing(rpc_client):  # it would be silent for too long
            return audit.audit(CHECKS, queries, progress=_progress(queries, options))

    def repair(findings: Iterable[Finding]) -> list[str]:
        with closing(rpc_client):
            return list(repairs.carry_out(findings, queries)) if options.repair else []

    watch = Watch(look, repair=repair, every=settings.number("AUDIT_EVERY_SECONDS", 60))
    health.serve(settings.whole("OBSERVE_PORT", 0), health.Health({"services": lambda: watch.could_look}))
    watch.run()
    return report.CLEAN


def _progress(queries: RpcQueries, options: argparse.Namespace) -> Progress | None:
    """From where this pass goes on; without a file every pass looks at everything."""
    path = settings.text("AUDIT_STATE", "")
    every = timedelta(seconds=settings.number("AUDIT_FULL_EVERY_SECONDS", FULL_EVERY.total_seconds()))
    return Progress(Kept(path), Changes(queries), full=options.full, full_every=every) if path else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m auditor", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--full", action="store_true", help="look also at what was proven before and did not change"
    )
    parser.add_argument("--settled", action="store_true", help="nothing is on its way: count what is young, too")
    parser.add_argument("--repair", action="store_true", help="do what is safe to do")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--watch", action="store_true", help="go on, with metrics instead of a report")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
