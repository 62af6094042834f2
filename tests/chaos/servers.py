"""Faults of PostgreSQL, RabbitMQ and Redis: kill, freeze, restart. Blocking; called in threads."""

import contextlib
import os
import signal

from local.ports import is_free
from local.servers import Server, Servers
from local.waiting import TooLate, wait_until

NAMES = {"Postgres": "postgres", "RabbitMQ": "rabbitmq", "Redis": "redis"}


def named(servers: Servers) -> dict[str, Server]:
    """The servers by name."""
    return {NAMES[type(server).__name__]: server for server in servers.own()}


def signal_all(server: Server, number: int) -> None:
    """Signal the server and its child processes."""
    for pid in server.pids():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def kill(server: Server) -> None:
    """SIGKILL the main process; its child processes end by themselves."""
    os.kill(server.pids()[0], signal.SIGKILL)
    wait_until(lambda: not server.running(), "the killed server has ended", seconds=20)


def restart(server: Server) -> None:
    """Start it on its port, once the rest of the killed one has released its memory and its port."""
    if NAMES[type(server).__name__] == "rabbitmq":
        server.stop()  # its name server
    port = server.ports.get(NAMES[type(server).__name__])
    wait_until(lambda: is_free(port), "the port is free again", seconds=20)
    wait_until(lambda: _started(server), "the server starts again", seconds=60, every=0.3)


def _started(server: Server) -> bool:
    try:
        server.start()
    except RuntimeError as failure:
        if "shared memory" not in str(failure) and type(server).__name__ != "Postgres":
            raise TooLate(str(failure)) from failure
        return False
    return True
