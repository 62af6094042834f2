"""Unit tests use no I/O; each integration test has its own PostgreSQL database. Nothing is mocked."""

import pytest
import structlog

from catalog.work import Work
from services.catalog.tests.builders import Market
from shared.db import Database
from shared.testing import fresh_database, service_fixtures
from shared.testing.databases import drop_database

# structlog's coloured tracebacks take longer than most of these tests
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])

database_url, open_work = service_fixtures("catalog", Work)


@pytest.fixture
def market(open_work):
    """The service on an empty database, with one approved shop."""
    return Market(open_work)


@pytest.fixture(scope="module")
def shared_market():
    """A market on one database that all tests of a module share."""
    url = fresh_database("catalog")
    shared_work = Database.standalone("catalog", Work, url)
    yield Market(shared_work)
    shared_work.engine.dispose()
    drop_database(url)
