"""The database is lost and its synchronous standby takes over: everything that was confirmed is there."""

import os
import shutil
import signal
import tempfile
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from tally.work import Work

from local.postgres import OWN_ACCOUNT, SETTINGS
from local.servers import Servers
from shared import migrate
from shared.contracts import catalog
from shared.db import Database
from shared.ids import new_id
from shared.testing import eventually
from shared.testing.processes import free_port, processes, service_and_relay

PROMOTED = "SELECT NOT pg_is_in_recovery()"
IN_SYNC = "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"


class Standby:
    """A standby of a PostgreSQL, which can take over."""

    def __init__(self, primary, folder):
        self.primary, self.data, self.port = primary, folder / "standby", free_port()

    def follow(self):
        self.data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.data, OWN_ACCOUNT, OWN_ACCOUNT)
        self.run("pg_basebackup", "-d", self.primary.url, "-D", str(self.data), "-R", "-X", "stream", "-c", "fast")
        self.start(self.port)
        on(self.primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        on(self.primary.url, "SELECT pg_reload_conf()")
        eventually(lambda: on(self.primary.url, IN_SYNC), within=20)

    def take_over(self):
        """Promote the standby, and move it to the address of the old primary."""
        self.control("promote", "-w")
        self.control("stop", "-m", "fast", "-w")
        self.start(self.primary.ports.get("postgres"))

    def start(self, port):
        settings = " ".join(f"-c {name}='{value}'" for name, value in (SETTINGS | {"port": str(port)}).items())
        self.control("start", "-w", "-l", str(self.data / "server.log"), "-o", settings)

    def control(self, *arguments):
        self.run("pg_ctl", "-D", str(self.data), *arguments)

    def run(self, program, *arguments):
        done = self.primary._run(program, *arguments)
        assert done.returncode == 0, done.stdout


def on(url, statement):
    """The first value that a statement returns on this server."""
    address = make_url(url).set(drivername="postgresql+psycopg2")
    with create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        found = connection.execute(text(statement))
        return found.scalar() if found.returns_rows else None


@pytest.fixture
def pair():
    """A primary and a synchronous standby."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        servers = Servers(folder, given={"REDIS_URL": "redis://not.needed", "AMQP_URL": "amqp://another"})
        servers.start()
        (primary,) = servers.own()
        standby = Standby(primary, folder)
        try:
            standby.follow()
            yield primary, standby
        finally:
            primary._run("pg_ctl", "-D", str(standby.data), "stop", "-m", "immediate")
            servers.stop()


@pytest.fixture
def address(pair):
    primary, _ = pair
    on(primary.url, "CREATE DATABASE tally")
    url = make_url(primary.url).set(drivername="postgresql+psycopg2", database="tally")
    migrate.upgrade("tally", url.render_as_string(hide_password=False))
    return url.render_as_string(hide_password=False)


class Customers(threading.Thread):
    """Send one command after the other, and record those whose commit was confirmed."""

    def __init__(self, open_work):
        super().__init__()
        self.open_work, self.stopped, self.confirmed = open_work, threading.Event(), []

    def run(self):
        while not self.stopped.wait(0.005):
            checkout = new_id()
            try:
                with self.open_work() as work:
                    work.publish(catalog.ReleaseStock(checkout_id=checkout))
            except DBAPIError:
                continue  # a 503: it is unknown whether it was committed
            self.confirmed.append(checkout)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


def counted(open_work, checkouts):
    with open_work() as work:
        which = {"subjects": [str(checkout) for checkout in checkouts]}
        found = work.connection.execute(text("SELECT times FROM tally WHERE subject = ANY(:subjects)"), which)
        return found.scalars().all()


def test_ob_02_ib_05_dl_09_after_a_failover_nothing_confirmed_is_lost_and_nothing_is_done_twice(
    pair, address, vhost, keys
):
    primary, standby = pair
    open_work = Database.standalone("tally", Work, address)
    service, relay = service_and_relay("tally", address, vhost, RETRY_RUNGS="0.2,0.4", **keys)
    with processes(service, relay), Customers(open_work) as customers:
        eventually(lambda: len(counted(open_work, customers.confirmed)) > 100)
        for pid in primary.pids():
            os.kill(pid, signal.SIGKILL)
        before = len(customers.confirmed)
        eventually(lambda: not primary.running())
        standby.take_over()
        eventually(lambda: len(customers.confirmed) > before + 100, within=30)
        customers.stopped.set()
        eventually(lambda: counted(open_work, customers.confirmed) == [1] * len(customers.confirmed), within=30)
        failed = [line for line in service.page("/metrics")[1].splitlines() if 'outcome="dead"' in line]
    assert on(primary.url, PROMOTED)
    assert [float(line.rsplit(" ", 1)[1]) for line in failed if "_created" not in line] == []
    open_work.engine.dispose()
