"""Starts programs of tests quickly: where possible, they are forked from a preloaded process (`nursery`).

    launch = launching(cold)        # `cold` starts a program without preloaded imports
    program = launch([sys.executable, "-m", "shared.relay", "tally"], environment, log)

Programs that cannot be forked (another interpreter, LD_PRELOAD), and all programs on other systems than Linux, are
started by `cold`.
"""

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from shared.testing import nursery

GREEN = "shared.run"  # services, which are patched by eventlet
OTHER_IMPORTS = ("shared.topology",)  # imports all services, unpatched
OTHER_INTERPRETER = ("LD_PRELOAD", "PYTHONHASHSEED")


class Program(Protocol):
    """A started process, with the interface of `subprocess.Popen`."""

    pid: int
    returncode: Any

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


Launch = Callable[[Sequence[str], Mapping[str, str], Path], Program]


class Forked:
    """A process that a nursery has forked."""

    def __init__(self, nursery: "Nursery", pid: int, command: Sequence[str]) -> None:
        self.pid, self.returncode = pid, None
        self._nursery, self._command = nursery, command
        self._end = os.pidfd_open(pid)  # readable when the process has ended
        self._lock = threading.Lock()

    def __del__(self) -> None:
        os.close(self._end)

    def poll(self) -> int | None:
        """The exit status if it has ended, negative for a signal; otherwise None."""
        return self._status(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends and return its exit status. Raises subprocess.TimeoutExpired."""
        status = self._status(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self._command, timeout or 0)
        return status

    def send_signal(self, sig: int) -> None:
        """Send a signal if it is still running."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _status(self, within: float | None) -> int | None:
        """The exit status if it ends within this time. The pid is not reused before the status was read."""
        if self.returncode is None and self._has_ended(within):
            with self._lock:
                if self.returncode is None:
                    self.returncode = self._nursery.call(wait=self.pid)["status"]
        return self.returncode

    def _has_ended(self, within: float | None) -> bool:
        ends = select.poll()  # select() takes no descriptor above 1023
        ends.register(self._end, select.POLLIN)
        return bool(ends.poll(None if within is None else within * 1000))


class Nursery:
    """A process that forks programs from preloaded imports; it ends with this process."""

    def __init__(self, *options: str) -> None:
        self._calling = threading.Lock()
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-P", nursery.__file__, str(theirs.fileno()), *options]
            self._process = subprocess.Popen(
                command,
                env=os.environ | {"EVENTLET_NO_GREENDNS": "yes"},  # read at import; everything is on loopback
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def fork(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path, *, own_group: bool
    ) -> Forked:
        """Fork a program; `command` has the form PYTHON -m MODULE [ARGUMENT …]."""
        answer = self.call(
            module=command[2],
            arguments=command[3:],
            environment=dict(environment),
            folder=str(Path.cwd()),
            log=str(log.resolve()),
            own_group=own_group,
        )
        return Forked(self, answer["pid"], command)

    def call(self, **request: Any) -> Any:
        """Send a request and return the answer. Raises RuntimeError if the nursery has ended."""
        with self._calling:
            self._requests.send(json.dumps(request).encode())
            answer = self._requests.recv(nursery.LARGEST)
        if not answer:
            raise RuntimeError(f"the nursery has ended: {self._process.wait()}")
        return json.loads(answer)

    def close(self) -> None:
        """End the nursery and its forks."""
        self._requests.close()
        self._process.wait()


_nurseries: dict[str, Nursery] = {}
_choosing = threading.Lock()


def launching(cold: Launch, *, own_group: bool = False) -> Launch:
    """A launcher that forks programs where possible and uses `cold` for the others."""

    def launch(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Program:
        if not _can_be_forked(command, environment):
            return cold(command, environment, log)
        kind = "--green" if GREEN in command else "--plain"
        with _choosing:
            chosen = _nurseries.get(kind) or _nurseries.setdefault(kind, Nursery(kind))
        return chosen.fork(command, environment, log, own_group=own_group)

    return launch


class ColdAtFirst:
    """Starts a program with `cold` the first time, and forks it when it is started again with the same log.

    `seen` are the logs of the programs started with `cold`.
    """

    def __init__(self, cold: Launch, *, own_group: bool = False) -> None:
        self.seen: list[Path] = []
        self._cold, self._again = cold, launching(cold, own_group=own_group)

    def __call__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Program:
        if log in self.seen:
            return self._again(command, environment, log)
        program = self._cold(command, environment, log)
        self.seen.append(log)
        return program


@atexit.register
def leave_nurseries() -> None:
    """End all nurseries and their forks."""
    with _choosing:
        while _nurseries:
            _nurseries.popitem()[1].close()


def _can_be_forked(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    is_ours = list(command[:2]) == [sys.executable, "-m"] and command[2] not in OTHER_IMPORTS
    return is_ours and not any(map(environment.get, OTHER_INTERPRETER)) and _has_pidfd()


@functools.cache
def _has_pidfd() -> bool:
    """Whether the system can wait for a process that is not our child (Linux 5.3)."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True
