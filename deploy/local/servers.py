"""Private PostgreSQL, Redis and RabbitMQ of one run folder.

    python -m local.servers up | down | status [--run DIR]

An address in the environment (POSTGRES_URL, REDIS_URL, AMQP_URL) takes precedence, and that server is then
neither started nor stopped. Several processes may use one folder: the last to leave stops the servers, unless
`up` was used to keep them.
"""

import argparse
import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from local.broker_users import CALLERS
from local.packages import CannotInstall
from local.ports import Ports
from local.postgres import Postgres
from local.rabbitmq import RabbitMQ
from local.redis_server import Redis

Server = Postgres | Redis | RabbitMQ


class Servers:
    """The three servers of a run folder, and their URLs."""

    def __init__(self, run_dir: Path, *, given: dict[str, str] | None = None, durable: bool = True) -> None:
        self.run_dir = run_dir
        self._given = given if given is not None else dict(os.environ)
        self._in_use: IO[bytes] | None = None
        ports = Ports(run_dir)
        self._postgres = None if "POSTGRES_URL" in self._given else Postgres(run_dir, ports, durable=durable)
        self._redis = None if "REDIS_URL" in self._given else Redis(run_dir, ports)
        self._rabbitmq = None if "AMQP_URL" in self._given else RabbitMQ(run_dir, ports)

    @property
    def postgres_url(self) -> str:
        """The administrator's URL of the database `postgres`."""
        return self._postgres.url if self._postgres else self._given["POSTGRES_URL"]

    @property
    def redis_url(self) -> str:
        """URL of Redis, database 0."""
        return self._redis.url if self._redis else self._given["REDIS_URL"]

    @property
    def amqp_url(self) -> str:
        """URL of the broker's default vhost."""
        return self._rabbitmq.url() if self._rabbitmq else self._given["AMQP_URL"]

    def caller_urls(self, amqp_url: str) -> dict[str, str]:
        """The URLs of a vhost for processes that only call services; GATEWAY_AMQP_URL, AUDITOR_AMQP_URL override.

        On an external broker without these, all use its one URL.
        """
        vhost = amqp_url.rpartition("/")[2]
        own = {user: self._rabbitmq.url(vhost, user) for user in CALLERS} if self._rabbitmq else {}
        return {user: self._given.get(f"{user.upper()}_AMQP_URL", own.get(user, amqp_url)) for user in CALLERS}

    def create_vhost(self, name: str) -> str:
        """Create a vhost and return its URL. On an external broker, its unchanged URL."""
        return self._rabbitmq.create_vhost(name) if self._rabbitmq else self.amqp_url

    def delete_vhost(self, name: str) -> None:
        """Delete a vhost made by create_vhost."""
        if self._rabbitmq:
            self._rabbitmq.delete_vhost(name)

    def rabbitmqctl(self, *arguments: str) -> str:
        """The output of `rabbitmqctl` on the own node."""
        return self._own_broker().ctl(*arguments)

    def evaluate(self, expressions: str) -> str:
        """The result of Erlang expressions on the own node."""
        return self._own_broker().evaluate(expressions)

    def _own_broker(self) -> RabbitMQ:
        if not self._rabbitmq:
            raise RuntimeError("AMQP_URL names an external broker, which is not controlled from here")
        return self._rabbitmq

    def start(self) -> None:
        """Start the servers that do not run, all at once, and register this process as a user."""
        self._in_use = (self.run_dir / "in_use.lock").open("wb")
        fcntl.flock(self._in_use, fcntl.LOCK_SH)
        try:
            _at_once("start", [server for server in self.own() if not server.running()])
        except BaseException:
            self._leave()
            raise

    def stop(self) -> None:
        """Release the servers. They stop when no process uses them, unless they are to keep running."""
        with _lock(self.run_dir):
            self._leave()

    def _leave(self) -> None:
        if self._in_use:
            self._in_use.close()
            self._in_use = None
        if not self.kept.exists() and _unused(self.run_dir):
            _at_once("stop", [server for server in self.own() if server.running()])
            if self._postgres:
                self._postgres.forget()

    @property
    def kept(self) -> Path:
        """The mark that the servers keep running when their last user leaves."""
        return self.run_dir / "keep_servers"

    def own(self) -> list[Server]:
        """The servers that are started and stopped here."""
        return [server for server in (self._postgres, self._redis, self._rabbitmq) if server]


def ensure(run_dir: Path, *, durable: bool = True) -> Servers:
    """The servers of this folder, running. May be called by several processes at once.

    Not `durable`: a power cut may lose their data, which is acceptable for tests.
    """
    run_dir = run_dir.resolve()
    run_dir.mkdir(parents=True, exist_ok=True)
    with _lock(run_dir):
        servers = Servers(run_dir, durable=durable)
        servers.start()
    return servers


def _at_once(action: str, servers: list[Server]) -> None:
    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(lambda server: getattr(server, action)(), servers))


def down(run_dir: Path) -> None:
    """Stop the servers of this folder, also those that were to keep running, unless they are in use."""
    if (run_dir / "ports.json").exists():
        servers = Servers(run_dir)
        servers.kept.unlink(missing_ok=True)
        servers.stop()


@contextlib.contextmanager
def _lock(run_dir: Path) -> Iterator[None]:
    with (run_dir / "servers.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _unused(run_dir: Path) -> bool:
    with (run_dir / "in_use.lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _up(run_dir: Path) -> None:
    servers = ensure(run_dir, durable=False)
    servers.kept.touch()
    print(f"POSTGRES_URL={servers.postgres_url}\nREDIS_URL={servers.redis_url}\nAMQP_URL={servers.amqp_url}")


def _status(run_dir: Path) -> None:
    for server in Servers(run_dir).own() if (run_dir / "ports.json").exists() else []:
        print(f"{type(server).__name__:<10}{'running' if server.running() else 'stopped'}")


def main() -> None:
    """Start, stop or show the servers of a run folder."""
    parser = argparse.ArgumentParser(prog="python -m local.servers", description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=("up", "down", "status"))
    parser.add_argument("--run", type=Path, default=Path(".run/test"), help="run folder (default: %(default)s)")
    options = parser.parse_args()
    try:
        {"up": _up, "down": down, "status": _status}[options.action](options.run.resolve())
    except (CannotInstall, RuntimeError) as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
