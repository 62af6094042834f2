"""Models are tested without I/O; the other tests have a real database each. Nothing is mocked."""

from marketing.work import Work
from shared.testing import service_fixtures

database_url, open_work = service_fixtures("marketing", Work)
