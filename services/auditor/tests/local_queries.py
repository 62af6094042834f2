"""The audit queries of services in this process, each with its own database, called without a broker."""

import json
from functools import cached_property

from sqlalchemy import text

from auditor.queries import pages
from catalog.service import CatalogService
from catalog.work import Work as CatalogWork
from marketing.service import MarketingService
from marketing.work import Work as MarketingWork
from orders import sagas as of_orders
from orders.service import OrdersService
from orders.work import Work as OrdersWork
from payments.service import PaymentsService
from payments.work import Work as PaymentsWork
from shared import subscriptions
from shared.auth import Caller
from shared.db import Database
from shared.ids import new_id
from shared.permissions import Role
from shared.sagas import Engine
from shared.testing import fresh_database
from shared.testing.databases import drop_database
from users import sagas as of_users
from users.service import UsersService
from users.work import Work as UsersWork

AUDITOR = Caller(user_id=new_id(), session_id=new_id(), roles=frozenset({Role.AUDITOR}))
SAGAS = {"orders": of_orders.SAGAS, "users": of_users.SAGAS}
SHELLS = {
    "catalog": (CatalogService, CatalogWork),
    "orders": (OrdersService, OrdersWork),
    "users": (UsersService, UsersWork),
    "payments": (PaymentsService, PaymentsWork),
    "marketing": (MarketingService, MarketingWork),
}


class LocalService:
    """One service: `call(method, request)` for its audit queries, `run(sql)` for its database."""

    def __init__(self, name):
        self.name = name
        self.shell, work = SHELLS[name]
        self.url = fresh_database(name)
        self.open_work = Database.standalone(name, work, self.url)
        with self.open_work() as opened:
            subscriptions.note(opened.connection, self.shell)

    def run(self, statement, **terms):
        with self.open_work() as work:
            found = work.connection.execute(text(statement), terms)
            return [dict(row) for row in found.mappings()] if found.returns_rows else []

    def call(self, method, request):
        instance = self.shell()
        instance.work = self.open_work
        if self.name in SAGAS:
            instance.sagas = Engine(*SAGAS[self.name])
        answer = getattr(instance, method)(AUDITOR, json.loads(json.dumps(request)))
        return json.loads(json.dumps(answer))

    def close(self):
        self.open_work.engine.dispose()
        drop_database(self.url)


class LocalQueries:
    """The client of all services' audit queries; `requested` counts the requests."""

    def __init__(self):
        self.requested = 0

    def __getitem__(self, name):
        return self._services[name]

    def call(self, method, request):
        self.requested += 1
        service, _, query = method.partition(".")
        return self[service].call(query, request)

    def pages(self, method, **request):
        return pages(self, method, request)

    def close(self):
        for service in self._services.values():
            service.close()

    @cached_property
    def _services(self):
        return {name: LocalService(name) for name in SHELLS}
