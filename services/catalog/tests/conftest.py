"""Domain tests touch nothing; the others have a real PostgreSQL database each. Nothing is mocked."""

import pytest
import structlog

from catalog.work import Work
from services.catalog.tests.builders import Market
from shared.db import Database
from shared.testing import fresh_database, service_fixtures
from shared.testing.databases import drop_database

# structlog's own traceback, in colours, takes longer than most of these tests
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])

database_url, open_work = service_fixtures("catalog", Work)


@pytest.fixture
def market(open_work):
    """The service on an empty database, with one approved shop."""
    return Market(open_work)


@pytest.fixture(scope="module")
def fair():
    """A market that a module's tests share, because they only look or are refused."""
    url = fresh_database("catalog")
    shared_work = Database.standalone("catalog", Work, url)
    yield Market(shared_work)
    shared_work.engine.dispose()
    drop_database(url)
