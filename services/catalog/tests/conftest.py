"""Domain tests touch nothing; the others have a real PostgreSQL database each. Nothing is mocked."""

import pytest

from catalog.work import Work
from services.catalog.tests.builders import Market
from shared.testing import service_fixtures

database_url, open_work = service_fixtures("catalog", Work)


@pytest.fixture
def market(open_work):
    """The service on an empty database, with one approved shop."""
    return Market(open_work)
