"""A private Redis: a cache, so nothing is stored on disk."""

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path

from local import packages, secret_files
from local.ports import Ports
from local.proc import with_children
from local.waiting import wait_until

SETTINGS = """
bind 127.0.0.1
daemonize yes
databases 64
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
"""


class Redis:
    """An instance on loopback, with a password."""

    def __init__(self, run_dir: Path, ports: Ports) -> None:
        self.run_dir, self.ports = run_dir, ports
        self.program = packages.program("redis-server", "redis-server")
        self.room = run_dir / "redis"

    @property
    def url(self) -> str:
        """URL of database number 0."""
        return f"redis://:{self._password}@127.0.0.1:{self.ports.get('redis')}/0"

    def running(self) -> bool:
        """Whether a Redis with this password answers on this port."""
        with contextlib.suppress(OSError), self._connection() as peer:
            peer.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            return b"+OK" in peer.recv(100)
        return False

    def start(self) -> None:
        """Start it and return when it answers."""
        self.room.mkdir(exist_ok=True)
        own = {
            "port": self.ports.free("redis"),
            "dir": self.room,
            "pidfile": self.room / "pid",
            "logfile": self.room / "server.log",
            "requirepass": self._password,
        }
        conf = self.room / "redis.conf"
        secret_files.write(conf, SETTINGS + "".join(f"{name} {value}\n" for name, value in own.items()))
        subprocess.run([self.program, conf], check=True, cwd="/", start_new_session=True)
        wait_until(self.running, f"Redis answers (log in {self.room})", seconds=20)

    def stop(self) -> None:
        """Stop it and return when its port is closed."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self.room / "pid").read_text()), signal.SIGTERM)
        wait_until(lambda: not self.running(), "Redis stops", seconds=20)

    def pids(self) -> list[int]:
        """The server's main process and its child processes."""
        return with_children(int((self.room / "pid").read_text()))

    @property
    def _password(self) -> str:
        return secret_files.secret(self.run_dir, "redis_password")

    def _connection(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.ports.get("redis")), timeout=1)
