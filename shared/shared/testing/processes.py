"""Services and relays as real processes, for tests."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.testing import warm
from shared.testing.waiting import eventually

READY_WITHIN = 60  # seconds; a start takes 2 s on an idle machine


def cold(command: Sequence[str], environment: Mapping[str, str], log: Path) -> warm.Program:
    """Start a program without preloaded imports."""
    with log.open("ab") as out:
        return subprocess.Popen(command, env=environment, stdout=out, stderr=out)


launch = warm.launching(cold)


class Process:
    """One process of the system: `process.kill()`, `process.stop()`, `process.start()` again."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._command = [sys.executable, "-m", *command]
        self._port = environment.get("OBSERVE_PORT") or str(free_port())
        self._environment = {**os.environ, **environment, "OBSERVE_PORT": self._port}
        self._log = Path(tempfile.mkstemp(prefix=f"{command[0]}.", suffix=".log")[1])
        self._process: warm.Program | None = None

    def through(self, module: str, **environment: str) -> "Process":
        """The same process, started through a module that patches it first."""
        return Process([module, *self._command[2:]], {**self._environment, **environment})

    def start(self, *, ready: bool = True) -> "Process":
        """Start it and, if `ready`, wait until it is ready."""
        self._process = launch(self._command, self._environment, self._log)
        if ready:
            eventually(self.is_ready, within=READY_WITHIN)
        return self

    def is_ready(self) -> bool:
        """Whether its readiness page says "ready". Raises AssertionError with its log if it has ended."""
        if self._process and self._process.poll() is not None:
            raise AssertionError(f"it ended:\n{self.log()[-3000:]}")
        return self.readiness() == "ready"

    def readiness(self) -> str:
        """The status on its readiness page: ready, degraded or unready; empty without an answer."""
        status, text = self.page("/health/ready")
        return json.loads(text)["status"] if status else ""

    def page(self, path: str) -> tuple[int, str]:
        """Status and text of a page on its observability port; status 0 without an answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=2) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def metric(self, sample: str) -> float:
        """The value of a sample, named as in the metrics text; 0 when it does not exist."""
        lines = [line for line in self.page("/metrics")[1].splitlines() if line.startswith(sample + " ")]
        return float(lines[0].rsplit(" ", 1)[1]) if lines else 0.0

    @property
    def pid(self) -> int:
        """The id of the process, once it was started."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Kill it (SIGKILL) and wait until it has ended."""
        self._signal(signal.SIGKILL)

    def stop(self, within: float = 15) -> int:
        """Stop it (SIGTERM) and return its exit status."""
        self._signal(signal.SIGTERM, within)
        return self._process.returncode if self._process else 0

    def stop_gracefully(self) -> None:
        """Send SIGTERM without waiting for the end."""
        if self._process:
            self._process.terminate()

    def freeze(self) -> None:
        """Suspend it (SIGSTOP) until thaw()."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def log(self) -> str:
        """Its output."""
        return self._log.read_text()

    def has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def ended(self, within: float = 20) -> int:
        """Wait until it ends by itself; returns its exit status, negative for a signal."""
        return self._process.wait(within) if self._process else 0

    def _signal(self, number: signal.Signals, within: float = 15) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(within)


@contextmanager
def processes(*started: Process) -> Iterator[tuple[Process, ...]]:
    """Start processes in parallel and kill them at the end of the block."""
    for process in started:
        process.start(ready=False)
    try:
        for process in started:
            eventually(process.is_ready, within=READY_WITHIN)
        yield started
    finally:
        for process in started:
            process.kill()


def service_and_relay(service: str, database_url: str, amqp_url: str, **settings: Any) -> tuple[Process, Process]:
    """The two processes of a service, not yet started."""
    environment = {
        "DATABASE_URL": database_url,
        "AMQP_URL": amqp_url,
        "RELAY_WAKE_PORT": str(free_port()),
        **{name: str(value) for name, value in settings.items()},
    }
    return Process(["shared.run", service], environment), Process(["shared.relay", service], environment)


def free_port() -> int:
    """A loopback port that is free for TCP and UDP and is not given to any other test."""
    from local import ports  # noqa: PLC0415 - exists in a checkout, not in an installed package

    return ports.free_port()
