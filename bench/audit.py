"""Duration and memory of an audit of many orders, and the longest transaction of an audit query.

    .venv/bin/python -m bench.audit 300000

Real processes: the five services and the auditor, on test servers. Prints figures for docs/auditor.md.
"""

import json
import os
import resource
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text

from local import keys, system
from local.auditing import make_account
from local.ports import Ports
from local.servers import ensure
from services.auditor.tests.many import FILLED, fill
from shared.testing import fresh_database
from shared.testing.databases import ROOT, admin_url, drop_database
from shared.testing.processes import Process, free_port, processes

LONGEST = text("""
    SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) FROM pg_stat_activity
    WHERE application_name LIKE 'jishi %' AND state <> 'idle' AND datname = ANY(:names)
""")


def main(orders: int) -> None:
    """Fill the databases, audit, and clean up."""
    servers = ensure(ROOT / ".run" / "bench")  # durable, unlike those of the tests
    tag = f"measure_{secrets.token_hex(3)}"
    run_dir = ROOT / ".run" / "test" / tag
    urls = {name: fresh_database(name) for name in system.SERVICES}
    site = system.Site(run_dir, urls, servers.create_vhost(tag), servers.redis_url, Ports(run_dir))
    try:
        run_dir.mkdir()
        keys.make_keys(run_dir)
        print(f"{filled(urls, orders):,} rows of {orders:,} orders")
        services = [Process(["shared.run", name], system.settings(site, name)) for name in urls]
        relay = Process(
            ["shared.relay", "users"], system.settings(site, "users") | {"OBSERVE_PORT": str(free_port())}
        )
        with processes(*services, relay):  # publishes the events of the auditor's account
            measure(site)
    finally:
        servers.delete_vhost(tag)
        for url in urls.values():
            drop_database(url)
        servers.stop()


def filled(urls: dict[str, str], orders: int) -> int:
    """Fill the databases; returns the number of rows."""
    began, rows = time.monotonic(), 0
    for name in FILLED:
        engine = create_engine(make_url(urls[name]))
        rows += fill(engine, name, orders)
        engine.dispose()
    print(f"filled in {time.monotonic() - began:.0f} s")
    return rows


def measure(site: system.Site) -> None:
    """Audit, and print the figures."""
    make_account(site)
    names = [make_url(url).database for url in site.databases.values()]
    with longest_transaction(names) as longest:
        before, began = os.times(), time.monotonic()
        environment = os.environ | system.auditor_settings(site)
        command = [sys.executable, "-m", "auditor", "--settled", "--json"]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        seconds, after = time.monotonic() - began, os.times()
    report = json.loads(ended.stdout)
    for check in report["checks"]:
        print(f"  {check['name']:<24}{check['checked']:>10}{len(check['findings']):>6}{check['seconds']:>9.1f} s")
    own = after.children_user + after.children_system - before.children_user - before.children_system
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"status {ended.returncode}, {seconds:.0f} s, {own:.1f} s of CPU time in the auditor")
    print(f"memory of the auditor at most {memory:.0f} MB, longest transaction {max(longest):.3f} s")


@contextmanager
def longest_transaction(names: list[str]) -> Iterator[list[float]]:
    """Sample the longest open transaction of the services."""
    seen, over = [0.0], threading.Event()
    engine = create_engine(make_url(admin_url()).set(drivername="postgresql+psycopg2"))

    def watch() -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not over.wait(0.02):
                seen.append(float(connection.execute(LONGEST, {"names": names}).scalar() or 0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
        engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]))
