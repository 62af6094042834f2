"""Forks programs from a process that has imported what they import: `python -P nursery.py FD [--green]`.

Most of the time in which a program starts goes into imports. A forked one has a pid, signals, an environment, a
log and an exit status of its own, and dies as any other. Only libraries and `shared` are imported here, and
nothing is run: what a service is made of, and reads from its environment, it imports after the fork. It is started
as a file, since the package around it imports much that eventlet has to patch first.

FD is a socket of packets. `{"module", "arguments", "environment", "folder", "log", "own_group"}` is answered with
the pid, `{"wait": pid}` with the exit status of one that has ended. When the other end closes, this process ends,
and with it what it has forked (parent-death signal).
"""

import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

waitpid = os.waitpid  # eventlet's, in its place later, would wait by a loop that does not run here
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
LARGEST = 1_000_000  # bytes of a packet
GREEN = ("shared.run", "shared.db", "shared.entrypoints", "shared.sagas", "shared.contracts")
PLAIN = (
    *("shared.auth", "shared.engine", "shared.health", "shared.message_encoding"),
    *(
        "aio_pika",
        "granian",
        "httpx",
        "pika.adapters.select_connection",
        "redis.asyncio",
        "starlette.applications",
    ),
)


def preload(*, green: bool) -> None:
    """Import what programs have in common; `green` for those that eventlet patches."""
    for module in GREEN if green else PLAIN:
        importlib.import_module(module)
    sys.modules.pop("shared.run", None)  # to be run, and not found
    gc.collect()
    gc.freeze()  # the memory that forks share stays shared
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise RuntimeError("what was imported has started threads, which a fork would not have")


def serve(requests: socket.socket) -> dict[str, Any]:
    """Answer requests for ever; returns in a fork, with what it is to become."""
    while packet := requests.recv(LARGEST):
        request = json.loads(packet)
        if "wait" in request:
            answer = {"status": os.waitstatus_to_exitcode(waitpid(request["wait"], 0)[1])}
        else:
            pid = os.fork()
            if pid == 0:
                requests.close()
                return request
            if request["own_group"]:
                _own_group(pid)  # here as well as there: nobody knows who comes first
            answer = {"pid": pid}
        requests.send(json.dumps(answer).encode())
    os._exit(0)


def become(request: dict[str, Any], parent: int) -> None:
    """Take the place, the environment and the outputs of the program that was asked for."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it has ended meanwhile
        os._exit(1)
    if request["own_group"]:
        _own_group(0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    LIBC.prctl(PR_SET_NAME, request["module"].encode()[:15], 0, 0, 0)
    os.chdir(request["folder"])
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    sys.path[:] = _path(request["environment"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv[:] = [request["module"], *request["arguments"]]
    if hubs := sys.modules.get("eventlet.hubs"):
        hubs.use_hub()  # one of its own: the nursery's watches files for all that have it


def _path(environment: dict[str, str]) -> list[str]:
    """Where a program that is started with `python -m` looks for modules."""
    ours = _places(os.environ)
    return list(dict.fromkeys([str(Path.cwd()), *_places(environment), *(p for p in sys.path if p not in ours)]))


def _places(environment: Any) -> list[str]:
    return [place for place in environment.get("PYTHONPATH", "").split(os.pathsep) if place]


def _own_group(pid: int) -> None:
    try:
        os.setpgid(pid, 0)
    except (ProcessLookupError, PermissionError):
        return  # it has ended, or has done so itself


def main() -> None:
    """Serve; in a fork, run what was asked for as `python -m` would."""
    requests, parent = socket.socket(fileno=int(sys.argv[1])), os.getpid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks
    preload(green="--green" in sys.argv)
    become(serve(requests), parent)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
