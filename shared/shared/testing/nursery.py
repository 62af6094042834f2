"""Forks programs from a process with preloaded imports: `python -P nursery.py FD [--green]`.

Imports take most of a program's start time. A forked program has its own pid, signals, environment, log and exit
status. Only libraries and `shared` are preloaded, and nothing is run: a service's own modules, which read the
environment, are imported after the fork. This module is started as a file, since its package imports modules that
eventlet has to patch first.

FD is a packet socket. `{"module", "arguments", "environment", "folder", "log", "own_group"}` is answered with
the pid, `{"wait": pid}` with the exit status of a process that has ended. When the other end closes, this process
and its forks end (parent-death signal).
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

waitpid = os.waitpid  # eventlet replaces it by one that needs a loop, which does not run here
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
    """Import what programs have in common; `green` for programs patched by eventlet."""
    for module in GREEN if green else PLAIN:
        importlib.import_module(module)
    sys.modules.pop("shared.run", None)  # runpy runs it as __main__
    gc.collect()
    gc.freeze()  # the memory that forks share stays shared
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise RuntimeError("an import has started threads, which a fork does not inherit")


def serve(requests: socket.socket) -> dict[str, Any]:
    """Answer requests until the socket closes. In a fork, return the request that it has to run."""
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
                _own_group(pid)  # in parent and child, since either may run first
            answer = {"pid": pid}
        requests.send(json.dumps(answer).encode())
    os._exit(0)


def become(request: dict[str, Any], parent: int) -> None:
    """Set up the process, environment and outputs of the requested program."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # the parent has ended meanwhile
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
        hubs.use_hub()  # a new one: the inherited epoll descriptor is shared with all forks


def _path(environment: dict[str, str]) -> list[str]:
    """The module search path of a program that is started with `python -m`."""
    ours = _folders(os.environ)
    return list(dict.fromkeys([str(Path.cwd()), *_folders(environment), *(p for p in sys.path if p not in ours)]))


def _folders(environment: Any) -> list[str]:
    return [folder for folder in environment.get("PYTHONPATH", "").split(os.pathsep) if folder]


def _own_group(pid: int) -> None:
    try:
        os.setpgid(pid, 0)
    except (ProcessLookupError, PermissionError):
        return  # it has ended, or has set its group itself


def main() -> None:
    """Serve requests; in a fork, run the requested module as `python -m` would."""
    requests, parent = socket.socket(fileno=int(sys.argv[1])), os.getpid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the parent
    preload(green="--green" in sys.argv)
    become(serve(requests), parent)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
