"""Port numbers, chosen once for a run folder and stored in its ports.json."""

import json
import socket
from pathlib import Path

from local import numbers

# Below the range of Linux for outgoing connections (32768 and up), which could otherwise occupy a port that was
# free before.
RANGE = range(20_000, 32_000)


class Ports:
    """The ports of one run folder. A process that may choose a new one holds the folder's lock."""

    def __init__(self, run_dir: Path) -> None:
        self._file = run_dir / "ports.json"

    def get(self, name: str) -> int:
        """The port stored under this name; chosen among the free ones the first time."""
        return self._kept().get(name) or self._choose(name)

    def prefer(self, name: str, port: int) -> None:
        """Store this port under the name, if it has none yet and the port is free."""
        if name not in self._kept() and is_free(port):
            self._keep(name, port)

    def free(self, name: str) -> int:
        """The port stored under this name, or another one if it is occupied by now."""
        port = self.get(name)
        return port if is_free(port) else self._choose(name)

    def _kept(self) -> dict[str, int]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}

    def _choose(self, name: str) -> int:
        taken = self._kept().values()
        return self._keep(name, numbers.choose("port", RANGE, is_free=lambda p: p not in taken and is_free(p)))

    def _keep(self, name: str, port: int) -> int:
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(json.dumps(self._kept() | {name: port}, indent=1, sort_keys=True) + "\n")
        unfinished.replace(self._file)
        return port


def free_port() -> int:
    """A free port, for a process that is started at once."""
    return numbers.choose("port", RANGE, is_free=is_free)


def is_free(port: int) -> bool:
    """Whether no process listens on this port of any local address, TCP or UDP."""
    return all(_can_bind(port, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))


def _can_bind(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - tries all addresses, serves none
        except OSError:
            return False
        return True
