"""Fixtures: tally and its relay as processes for a whole test file, or servers that a file may stop."""

import secrets
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from tally.work import Work

from local.servers import Servers
from shared import migrate, round_trips
from shared.db import Database
from shared.testing import fresh_database
from shared.testing.databases import drop_database
from shared.testing.processes import processes, service_and_relay

LADDER = {"RETRY_RUNGS": "0.2,0.4", "RETRY_IMMEDIATE": "1"}


@pytest.fixture
def sent(monkeypatch):
    """The statements that were sent, in order."""
    found, real = [], round_trips.Cursor.send

    def note(cursor, statements):
        found.extend(each.decode() for each in statements)
        real(cursor, statements)

    monkeypatch.setattr(round_trips.Cursor, "send", note)
    return found


@pytest.fixture(scope="module")
def vhost(servers):
    """A vhost for each test file, so that its queues contain no messages of other files."""
    name = f"test_{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


@pytest.fixture(scope="module")
def system_database():
    url = fresh_database("tally")
    yield url
    drop_database(url)


@pytest.fixture(scope="module")
def system(system_database, vhost, keys):
    """The processes of tally: its service and its relay."""
    with processes(*service_and_relay("tally", system_database, vhost, **LADDER, **keys)) as running:
        yield running


@pytest.fixture(scope="module")
def tally(system_database):
    """A factory of works on the database of the running system."""
    factory = Database.standalone("tally", Work, system_database)
    yield factory
    factory.engine.dispose()


@pytest.fixture(scope="module")
def own():
    """A PostgreSQL and a RabbitMQ for this file alone, in a folder that the user postgres can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        servers = Servers(Path(folder), given={"REDIS_URL": "redis://not.needed"})
        servers.start()
        yield servers
        servers.stop()


@pytest.fixture(scope="module")
def postgres(own):
    return own.own()[0]


@pytest.fixture(scope="module")
def rabbitmq(own):
    return own.own()[1]


@pytest.fixture(scope="module")
def database(own):
    """The URL of tally's database on the file's own PostgreSQL."""
    admin = make_url(own.postgres_url).set(drivername="postgresql+psycopg2")
    with create_engine(admin, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE tally"))
    url = admin.set(database="tally").render_as_string(hide_password=False)
    migrate.upgrade("tally", url)
    return url
