"""Test support: real databases that are created quickly, and handlers run as the batch runner runs them.

A service's conftest.py reads

    from shared.testing import service_fixtures
    database_url, open_work = service_fixtures("catalog", Work)

and its tests

    with open_work() as work: …                      # a transaction that really commits
    published(open_work)                             # the commands and events in the outbox, oldest first
    replied(open_work)                               # the replies in the outbox
    deliver(CatalogService, open_work, ProductWithdrawn(…))
    eventually(lambda: …, within=5)
"""

from shared.testing.broker_free import deliver, envelope, logged, published, replied, service
from shared.testing.databases import fresh_database, service_fixtures
from shared.testing.waiting import eventually

__all__ = [
    "deliver",
    "envelope",
    "eventually",
    "fresh_database",
    "logged",
    "published",
    "replied",
    "service",
    "service_fixtures",
]
