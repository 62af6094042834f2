"""`python -m auditor`: audit once and report the findings.

    python -m auditor [--full] [--settled] [--repair] [--json]
    python -m auditor --watch [--repair]

Exit status 0: clean, 1: findings, 2: no findings, but a check could not run.
An audit continues from what earlier ones proved (stored in the file AUDIT_STATE); `--full` checks everything.
`--settled` is for a system in which no message is in transit: findings count whatever their age.
`--watch` audits every AUDIT_EVERY_SECONDS (60), with metrics and health on OBSERVE_PORT, and stores
each report for operators.
"""

import argparse
import signal
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta

from auditor import audit, repairs, report, storing
from auditor.changed import Changes
from auditor.checks import AuditIncomplete, Finding
from auditor.progress import FULL_EVERY, Progress
from auditor.proofs import ProofFile
from auditor.queries import RpcQueries
from auditor.registry import CHECKS
from auditor.watching import Watch
from shared import health, observe, settings
from shared.errors import Refusal
from shared.rpc_client import RpcClient


def main() -> int:
    """Audit once, or with --watch until stopped."""
    options = _options()
    with RpcClient(settings.text("AMQP_URL"), name="auditor") as rpc_client:
        queries = RpcQueries(rpc_client, settings.text("AUDITOR_EMAIL"), settings.secret_text("AUDITOR_PASSWORD"))
        return _watch(rpc_client, queries, options) if options.watch else _once(queries, options)


def _once(queries: RpcQueries, options: argparse.Namespace) -> int:
    try:
        return _audit(queries, options)
    except (AuditIncomplete, Refusal) as reason:
        sys.stderr.write(f"audit incomplete: {reason}\n")
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
    """Audit repeatedly. SIGTERM may end it at any time: it has no locks and no unsaved state."""
    observe.configure_logs("auditor")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))

    every = settings.number("AUDIT_EVERY_SECONDS", 60)

    def run_audit() -> audit.Report:
        with closing(rpc_client):  # the connection would not survive the pause between two audits
            report = audit.audit(CHECKS, queries, progress=_progress(queries, options))
            storing.store(report, queries, every)
            return report

    def repair(findings: Iterable[Finding]) -> list[str]:
        with closing(rpc_client):
            return list(repairs.carry_out(findings, queries)) if options.repair else []

    watch = Watch(run_audit, repair=repair, every=every)
    health.serve(settings.whole("OBSERVE_PORT", 0), health.Health({"services": lambda: watch.services_reply}))
    watch.run()
    return report.CLEAN


def _progress(queries: RpcQueries, options: argparse.Namespace) -> Progress | None:
    """Where this audit continues; None without AUDIT_STATE: every audit checks everything."""
    path = settings.text("AUDIT_STATE", "")
    every = timedelta(seconds=settings.number("AUDIT_FULL_EVERY_SECONDS", FULL_EVERY.total_seconds()))
    return Progress(ProofFile(path), Changes(queries), full=options.full, full_every=every) if path else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m auditor", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--full", action="store_true", help="check also what was proven before and has not changed"
    )
    parser.add_argument("--settled", action="store_true", help="no message is in transit: any finding counts")
    parser.add_argument("--repair", action="store_true", help="carry out the repairs that are safe")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--watch", action="store_true", help="audit repeatedly, with metrics instead of a report")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
