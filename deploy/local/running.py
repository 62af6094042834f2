"""Starts the listed system, waits until all of it is healthy, and stops it."""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from local import databases, keys, numbers, system
from local.ports import Ports
from local.servers import Servers
from local.supervisor import Launch, Process, Supervisor, cold, run_all
from local.waiting import TooLate, wait_until
from shared import migrate
from shared.personal import keys as personal_keys

Report = Callable[[str], None]
READY_WITHIN = 90.0  # seconds


class RunningSystem:
    """The running, healthy system of one run folder."""

    def __init__(self, site: system.Site, supervisor: Supervisor, processes: list[Process]) -> None:
        self.site, self.supervisor = site, supervisor
        self.url = site.gateway_url
        self.urls = {p.name: f"http://127.0.0.1:{p.port}" for p in processes if p.port}

    def ready(self, name: str) -> bool:
        """Whether a process reports that it is ready."""
        return _status(self.urls[name], "/health/ready") == "ready"  # degraded is answered with 200, too

    def alive(self, name: str) -> bool:
        """Whether a process answers at all."""
        return _status(self.urls[name], "/health/live") == "alive"

    def wait_ready(self, *names: str, seconds: float | None = None) -> None:
        """Return when these processes, or all, are ready; raises TooLate naming the ones that are not."""
        waiting = set(names or self.urls)
        seconds = seconds or READY_WITHIN

        def none_left() -> bool:
            waiting.difference_update([name for name in waiting if self.ready(name)])
            return not waiting

        try:
            wait_until(none_left, "ready", seconds=seconds, every=0.1)
        except TooLate:
            ends = "\n".join(f"{n}:\n{self.supervisor.children[n].end_of_log()}" for n in sorted(waiting))
            raise TooLate(f"not ready within {seconds:g} s: {', '.join(sorted(waiting))}\n{ends}") from None

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to one process; the supervisor restarts it if it ends."""
        self.supervisor.kill(name, number)

    def stop(self) -> None:
        """Stop every process of the system. The servers are stopped by their user."""
        self.supervisor.stop()


def prepare(
    servers: Servers, run_dir: Path, *, tag: str, amqp_url: str, redis_db: int = 0, report: Report = print
) -> system.Site:
    """Keys, databases, ports, migrations and queues: the prerequisites of the processes.

    `tag` is the prefix of the database names; it, the vhost in `amqp_url` and `redis_db` separate the systems that
    share servers.
    """
    with phase("keys, databases, ports", report):
        keys.make_keys(run_dir)
        names = _database_names(tag)
        urls = databases.create(servers, names.values())
        site = system.Site(
            run_dir=run_dir,
            databases={service: urls[name] for service, name in names.items()},
            amqp_url=amqp_url,
            redis_url=f"{servers.redis_url.rpartition('/')[0]}/{redis_db}",
            ports=_free_ports(run_dir),
            caller_urls=servers.caller_urls(amqp_url),
        )
    with phase("migrations, queues, auditor", report), ThreadPoolExecutor(1) as meanwhile:
        migrated = meanwhile.submit(_migrate, site)
        run_all([system.topology(site)], run_dir / "logs")
        migrated.result()
        run_all([system.auditor_account(site)], run_dir / "logs")
    return site


def start(
    site: system.Site, *, processes: list[Process] | None = None, report: Report = print, launch: Launch = cold
) -> RunningSystem:
    """Start every process and return when all are ready. If that fails, the started ones are stopped.

    `processes` replaces the system's own list: the same ones with other settings.
    `launch` starts each of them.
    """
    processes = processes or system.processes(site)
    supervisor = Supervisor(processes, site.run_dir / "logs", report, launch=launch)
    running = RunningSystem(site, supervisor, processes)
    try:
        with phase("processes", report):
            supervisor.start()
            running.wait_ready()
    except BaseException:
        supervisor.stop()
        raise
    return running


@contextlib.contextmanager
def temporary(servers: Servers, *, launch: Launch = cold) -> Iterator[RunningSystem]:
    """A system for tests, beside others on the same servers; only its logs are kept, in last-logs."""
    tag = f"e2e_{secrets.token_hex(4)}"
    run_dir = servers.run_dir / tag
    with contextlib.ExitStack() as stack:
        stack.callback(_keep_logs, run_dir)
        amqp_url = servers.create_vhost(tag)
        stack.callback(servers.delete_vhost, tag)
        stack.callback(databases.drop, servers, _database_names(tag).values())
        redis_db = numbers.choose("redis_db", range(1, 64), kept=1800)  # 0 is shared
        site = prepare(servers, run_dir, tag=tag, amqp_url=amqp_url, redis_db=redis_db)
        running = start(site, launch=launch)
        stack.callback(running.stop)
        yield running


@contextlib.contextmanager
def phase(what: str, report: Report) -> Iterator[None]:
    """Report how long a part of the start took."""
    began = time.monotonic()
    yield
    report(f"  {what:<28}{time.monotonic() - began:5.1f} s")


def _migrate(site: system.Site) -> None:
    """In this process: starting Python for each service costs more than the work.

    Migrations encrypt with this installation's keys, unless this process has others (the tests).
    """
    os.environ.setdefault(personal_keys.SETTING, system.personal_keys_dir(site))
    for service, url in site.databases.items():
        migrate.upgrade(service, url)


def _database_names(tag: str) -> dict[str, str]:
    return {service: f"{tag}_{service}" for service in system.SERVICES}


def _keep_logs(run_dir: Path) -> None:
    kept = run_dir.parent / "last-logs"
    shutil.rmtree(kept, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        (run_dir / "logs").rename(kept)
    shutil.rmtree(run_dir, ignore_errors=True)


def _free_ports(run_dir: Path) -> Ports:
    ports = Ports(run_dir)
    for name in system.PORTS:
        ports.free(name)
    return ports


def _status(url: str, page: str) -> str | None:
    """The status on a page of a process."""
    peer = http.client.HTTPConnection(urlsplit(url).netloc, timeout=2)
    try:
        peer.request("GET", page)
        return str(json.load(peer.getresponse())["status"])
    except (OSError, ValueError, KeyError, http.client.HTTPException):
        return None
    finally:
        peer.close()
