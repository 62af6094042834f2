"""One running system of tally and its relay for a whole file of tests."""

import secrets

import pytest
from tally.work import Work

from shared.db import Database
from shared.testing import fresh_database
from shared.testing.databases import drop_database
from shared.testing.processes import processes, service_and_relay

LADDER = {"RETRY_RUNGS": "0.2,0.4", "RETRY_IMMEDIATE": "1"}


@pytest.fixture(scope="module")
def vhost(servers):
    """A vhost of the file's own: no message of another file is in its queues."""
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
    """The processes of tally: service and relay."""
    with processes(*service_and_relay("tally", system_database, vhost, **LADDER, **keys)) as running:
        yield running


@pytest.fixture(scope="module")
def tally(system_database):
    """Opens works on the database of the running system."""
    factory = Database.standalone("tally", Work, system_database)
    yield factory
    factory.engine.dispose()
