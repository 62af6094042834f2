"""A private PostgreSQL with its own data folder and port, on loopback only."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from local import packages, secret_files
from local.ports import Ports
from local.proc import with_children

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "fsync": "on",
    # A frozen process must not hold its row locks for ever.
    "idle_in_transaction_session_timeout": "5s",
    # Logs must not contain the parameters of a statement or a refused row.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# For servers whose data is not needed after a power cut: it survives a kill of any process.
UNSAFE = {"fsync": "off", "full_page_writes": "off"}
OWN_ACCOUNT = "postgres"
# Tests create and drop databases of 300 files by the thousand. On ext4 creating a file searches the inodes that
# were deleted in the last seconds: a database took 0.28 s of CPU time there, and takes 0.04 s here.
MEMORY = Path("/dev/shm")  # noqa: S108 - with a folder of a random name
ENOUGH_MEMORY = 2 * 2**30  # bytes free


class Postgres:
    """One instance. PostgreSQL refuses to run as root, so under root it runs as the user `postgres`.

    `durable`: committed data survives a crash of the machine.
    """

    def __init__(self, run_dir: Path, ports: Ports, *, durable: bool = True) -> None:
        self.run_dir, self.ports, self._durable = run_dir, ports, durable
        self.bin = packages.program("initdb", "postgresql").parent

    @property
    def url(self) -> str:
        """The administrator's URL of the database `postgres`."""
        return f"postgresql://jishi:{self._password}@127.0.0.1:{self.ports.get('postgres')}/postgres"

    @property
    def settings(self) -> dict[str, str]:
        """The settings of its start, without its port."""
        return SETTINGS | ({} if self._durable else UNSAFE)

    def running(self) -> bool:
        """Whether this server answers, and not another one on its port."""
        return self.data.exists() and self._pg_ctl("status").returncode == 0 and self._answers()

    def start(self) -> None:
        """Start it and return when it accepts connections; the first time, create its data folder."""
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        settings = self.settings | {"port": str(self.ports.free("postgres"))}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        done = self._pg_ctl("start", "-w", "-t", "60", "-l", str(self.data / "server.log"), "-o", options)
        if done.returncode != 0:
            raise RuntimeError(f"PostgreSQL did not start: {done.stdout} (log in {self.data})")

    def stop(self) -> None:
        """Stop it, ending open sessions."""
        self._pg_ctl("stop", "-m", "fast", "-w", "-t", "30")

    def forget(self) -> None:
        """Free the memory with the data of a stopped server, if it is not on a disk. Its last log is kept."""
        if self.data.is_relative_to(MEMORY):
            with contextlib.suppress(FileNotFoundError):  # it never started
                shutil.copyfile(self.data / "server.log", self.run_dir / "postgres-last.log")
            shutil.rmtree(self.data.parent, ignore_errors=True)
            self._pointer.unlink()

    def pids(self) -> list[int]:
        """The server's main process and its child processes."""
        return with_children(int((self.data / "postmaster.pid").read_text().split()[0]))

    @property
    def data(self) -> Path:
        """The data folder: under the run folder, in memory, or as root, where the user `postgres` has access."""
        return Path(self._pointer.read_text()) if self._pointer.exists() else self.run_dir / "postgres"

    @property
    def _pointer(self) -> Path:
        return self.run_dir / "postgres.path"

    @property
    def _password(self) -> str:
        return secret_files.secret(self.run_dir, "postgres_admin_password")

    def _initdb(self) -> None:
        self._make_folder()
        password = self.data.with_suffix(".password")
        secret_files.write(password, self._password)
        if os.geteuid() == 0:
            shutil.chown(password, OWN_ACCOUNT)
        arguments = [
            "-U",
            "jishi",
            "-A",
            "scram-sha-256",
            f"--pwfile={password}",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        done = self._run("initdb", "-D", str(self.data), *arguments)
        password.unlink()
        if done.returncode != 0:
            raise RuntimeError(f"PostgreSQL could not create its data folder: {done.stdout}")

    def _make_folder(self) -> None:
        if not self._durable and _has_memory():
            self._move_to(MEMORY)
        elif os.geteuid() == 0 and not all(
            p.stat().st_mode & 0o001 for p in (self.run_dir, *self.run_dir.parents)
        ):
            self._move_to(Path("/var/lib/jishi"))
        self.data.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.data, OWN_ACCOUNT, OWN_ACCOUNT)

    def _move_to(self, place: Path) -> None:
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix="jishi_", dir=place))
        room.chmod(0o711)
        self._pointer.write_text(str(room / "postgres"))

    def _pg_ctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("pg_ctl", "-D", str(self.data), *arguments)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        account = OWN_ACCOUNT if os.geteuid() == 0 else None
        # The output is a file and not a pipe: the server that pg_ctl starts would keep a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(self.bin / program), *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
                user=account,
                group=account,
                extra_groups=[] if account else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.ports.get("postgres")), timeout=1).close()
        except OSError:
            return False
        return True


def _has_memory() -> bool:
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY
