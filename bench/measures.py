"""CPU and memory of the system's processes, from /proc."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.proc import with_children
from local.running import RunningSystem
from local.servers import Servers

TICK = os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
DATABASE = re.compile(r"^postgres: \w+ (?:e2e_[0-9a-f]+_)?(\w+) ")
Pids = dict[str, list[int]]


@dataclass
class Meter:
    """The CPU that each part of the system has used since the last reading."""

    up: RunningSystem
    servers: Servers

    def __post_init__(self) -> None:
        self._before = self.seconds()

    def restart(self) -> None:
        """Begin again."""
        self._before = self.seconds()

    def used(self) -> dict[str, float]:
        """Seconds of CPU by part since the beginning."""
        now = self.seconds()
        return {name: now[name] - self._before.get(name, 0.0) for name in now}

    def seconds(self) -> dict[str, float]:
        """Seconds of CPU by part: each process, the backends of each database, the other servers."""
        found: dict[str, float] = defaultdict(float)
        for name, pid in self._processes():
            found[name] += cpu(pid)
        return dict(found)

    def resident(self) -> dict[str, float]:
        """Resident memory in MiB by process of ours: shared pages are counted once (PSS)."""
        ours = {name: with_children(child.running.pid) for name, child in self.up.supervisor.children.items()}
        return {name: round(sum(map(pss, pids)) / 1024, 1) for name, pids in ours.items()}

    def _processes(self) -> Iterator[tuple[str, int]]:
        for name, child in self.up.supervisor.children.items():
            if child.running:
                yield from ((name, pid) for pid in with_children(child.running.pid))
        for server in self.servers.own():
            kind = type(server).__name__.lower()
            yield from ((_database(pid) if kind == "postgres" else kind, pid) for pid in server.pids())


def cpu(pid: int) -> float:
    """Seconds of CPU of a process; of one that has ended, 0."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def pss(pid: int) -> int:
    """The proportional set size in KiB."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def _database(pid: int) -> str:
    """`postgres orders` for a backend of that database, `postgres` for the server's own processes."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return "postgres"
    found = DATABASE.match(command)
    return f"postgres {found[1]}" if found else "postgres"
