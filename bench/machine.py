"""What the machine can do without the system: PostgreSQL alone, and an empty route on the gateway's server."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.load import PGBENCH_CLIENTS
from local import packages
from local.waiting import wait_until
from shared.testing.processes import free_port


def pgbench(url: str, seconds: float) -> int:
    """Transactions a second of TPC-B, in a database of its own on the same server."""
    tool = str(packages.program("pgbench", "postgresql"))
    subprocess.run([tool, "-i", "-q", "-s", "10", url], check=True, capture_output=True)
    command = [tool, "-c", str(PGBENCH_CLIENTS), "-j", "2", "-T", f"{seconds:.0f}", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    tps = next(line for line in output.splitlines() if line.startswith("tps"))
    return round(float(tps.split()[2]))


@contextmanager
def empty_route() -> Iterator[str]:
    """The address of a server like the gateway's with one empty route."""
    port = free_port()
    environment = os.environ | {"GATEWAY_PORT": str(port), "OBSERVE_PORT": "0"}
    with subprocess.Popen([sys.executable, "-m", "bench.hello"], env=environment) as server:
        try:
            wait_until(lambda: _answers(port), "the empty route answers", seconds=30)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
