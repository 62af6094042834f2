"""Keeps a list of processes running: separate logs, restarts with backoff, and a stop of all of them."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.waiting import wait_until

FIRST_DELAY, LONGEST_DELAY = 0.5, 10.0  # seconds
STABLE_AFTER = 10.0  # a process that lived this long resets its backoff
NAMED_AFTER = 3  # quick crashes in a row before the end of the log is shown
LOG_LIMIT = 20_000_000  # bytes
GRACE = 30.0  # seconds between SIGTERM and SIGKILL; a service takes up to 25 to end its work
TICK = 0.2  # seconds: more frequent checks would be most of the load of an idle system


@dataclass(frozen=True)
class Process:
    """A command with its name, its environment besides the inherited one, and its port."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    port: int | None = None


# Starts a command with an environment, its output going to a file; returns a Popen or an object like it.
Launch = Callable[[Sequence[str], Mapping[str, str], Path], Any]


@dataclass
class Backoff:
    """The delay before the next start: 0.5 s, doubling up to 10 s while starts fail quickly."""

    quick_crashes: int = 0

    def after(self, lived: float) -> float:
        """The delay in seconds after a process that lived for this many seconds."""
        self.quick_crashes = 1 if lived >= STABLE_AFTER else self.quick_crashes + 1
        return min(FIRST_DELAY * 2 ** (self.quick_crashes - 1), LONGEST_DELAY)

    @property
    def looping(self) -> bool:
        """Whether the end of the log is to be shown: at the third quick crash in a row."""
        return self.quick_crashes == NAMED_AFTER


def cold(command: Sequence[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start it in a process group of its own, so that Ctrl-C reaches the supervisor alone.

    The kernel ends it when the supervisor is killed (parent-death signal).
    """
    with log.open("ab") as out:
        return subprocess.Popen(
            [*_dying_with_parent(), *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            process_group=0,
        )


class Child:
    """A process of the list, with its log and its current instance."""

    def __init__(self, process: Process, log: Path, launch: Launch) -> None:
        self.process, self.log, self._launch = process, log, launch
        self.log.touch()
        self.pid = log.with_suffix(".pid")  # its current process id, for sending signals by hand
        self.backoff = Backoff()
        self.running: Any = None
        self.started_at = 0.0
        self.start_at = 0.0

    def start(self) -> None:
        """Start it, and write its process id."""
        self.started_at = time.monotonic()
        self.running = self._launch(self.process.command, os.environ | self.process.environment, self.log)
        new = self.pid.with_suffix(".pid.new")  # nobody reads a file that is half written
        new.write_text(f"{self.running.pid}\n")
        new.replace(self.pid)

    def ended(self) -> int | None:
        """The exit status, once, if the current instance has ended."""
        status = self.running.poll() if self.running else None
        if status is not None:
            self.signal(signal.SIGKILL)  # workers that may be left, which would keep its port
            self.pid.unlink(missing_ok=True)
            self.running = None
        return status

    def signal(self, number: int) -> None:
        """Send a signal to the process and to its own children."""
        if self.running:
            _signal_group(self.running.pid, number)

    def end_of_log(self, lines: int = 15) -> str:
        """The last lines of the log, indented for the screen."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 16_000))
            tail = file.read().decode(errors="replace").splitlines()[-lines:]
        return "\n".join("    " + line for line in tail)


class Supervisor:
    """Runs the processes in one thread.

    One thread starts them all and lives as long as they do: Linux sends the parent-death signal when the thread
    that started the child ends.
    """

    def __init__(
        self,
        processes: Iterable[Process],
        logs: Path,
        report: Callable[[str], None] = print,
        *,
        launch: Launch = cold,
    ) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.children = {p.name: Child(p, logs / f"{p.name}.log", launch) for p in processes}
        self._report = report
        self._stopping, self._hurry = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start all processes, without waiting for them to be ready."""
        for child in self.children.values():
            rotate(child.log, limit=0)
        self._thread.start()

    def stop(self) -> None:
        """Send SIGTERM to every process, kill the ones that do not end in time, and return when all have ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def hurry(self) -> None:
        """Make a stop in progress kill at once."""
        self._hurry.set()

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to one process; if it ends, it is restarted like after any crash."""
        self.children[name].signal(number)

    def _run(self) -> None:
        while not self._stopping.is_set():
            for child in self.children.values():
                self._watch(child)
            self._stopping.wait(TICK)
        self._end_all()

    def _watch(self, child: Child) -> None:
        """An error of one process must not end this thread, and with it all the others."""
        try:
            status = child.ended()
            if status is not None:
                self._crashed(child, _meaning(status))
            elif child.running is None and time.monotonic() >= child.start_at:
                child.start()
            rotate(child.log, limit=LOG_LIMIT)
        except OSError as error:
            self._crashed(child, str(error))

    def _crashed(self, child: Child, why: str) -> None:
        delay = child.backoff.after(time.monotonic() - child.started_at)
        child.start_at = time.monotonic() + delay
        self._print(f"{child.process.name} ended ({why}); restarting in {delay:g} s")
        if child.backoff.looping:
            self._print(f"{child.process.name} keeps crashing; the end of {child.log}:\n{child.end_of_log()}")

    def _print(self, line: str) -> None:
        with contextlib.suppress(OSError):  # the terminal may be closed
            self._report(line)

    def _end_all(self) -> None:
        for child in self.children.values():
            child.signal(signal.SIGTERM)
            child.signal(signal.SIGCONT)  # a frozen one cannot handle SIGTERM
        deadline = time.monotonic() + GRACE
        while self._left() and time.monotonic() < deadline and not self._hurry.is_set():
            time.sleep(TICK)
        for child in self._left():
            self._print(f"{child.process.name} did not stop in time and was killed")
            child.signal(signal.SIGKILL)
        wait_until(lambda: not self._left(), "killed processes end", seconds=10)

    def _left(self) -> list[Child]:
        return [child for child in self.children.values() if child.running and child.ended() is None]


def run_all(processes: Iterable[Process], logs: Path, *, launch: Launch = cold) -> None:
    """Run processes that end by themselves, all at once. Raises RuntimeError with the log of one that fails."""
    logs.mkdir(parents=True, exist_ok=True)
    children = [Child(process, logs / f"{process.name}.log", launch) for process in processes]
    try:
        for child in children:
            rotate(child.log, limit=0)
            child.start()
        for child in children:
            if child.running and child.running.wait() != 0:
                raise RuntimeError(f"{child.process.name} failed:\n{child.end_of_log()}")
    finally:
        for child in children:
            child.signal(signal.SIGKILL)
            if child.running:
                child.running.wait()
            child.pid.unlink(missing_ok=True)


def rotate(log: Path, *, limit: int) -> None:
    """Move a log larger than `limit` bytes to `.1`: copied and truncated, since its writer keeps it open."""
    if log.exists() and log.stat().st_size > limit:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)


def _dying_with_parent() -> list[str]:
    return ["setpriv", "--pdeathsig", "TERM", "--"] if sys.platform == "linux" else []


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def _meaning(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"
