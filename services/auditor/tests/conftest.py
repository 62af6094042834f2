"""A day in the shop on real databases, played once; each test damages its own copy. No broker."""

import copy
import secrets
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from auditor.audit import audit
from marketing.pricing import tokens
from orders.checkout import tokens as quote_tokens
from payments.service import PaymentsService
from shared.testing.databases import admin_url, drop_database

sys.path.append(str(Path(__file__).parents[3]))  # last, so that packages go before folders of their names
from services.auditor.tests.day import Day, settle
from services.orders.tests.carrier_keys import set_carriers
from services.payments.tests.fake_wechat import FakeWeChatPay
from tests.model.conftest import new_keys
from tests.model.queries import CHECKS, WorldQueries
from tests.model.world import SERVICES, World


class Damaged:
    """A copy of the day's world that a test damages, and the auditor that checks it."""

    def __init__(self, world, day):
        self.world, self.day, self.queries = world, day, WorldQueries(world)

    def sql(self, name, /, *statements, **terms):
        """Change a service's database without its triggers; returns the number of rows of the last statement."""
        with self.world.own(name).engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            return [connection.execute(text(statement), terms).rowcount for statement in statements][-1]

    def id(self, name):
        """The id of the checkout with this outcome."""
        return self.day.checkouts[name]

    def one(self, name, query, **terms):
        """The only value of the only row of a query."""
        (row,) = self.world.rows(name, query, **terms)
        (value,) = row.values()
        return str(value)

    def audit(self, grace=None):
        return audit(CHECKS, self.queries, grace=grace, pause=lambda: None)

    def found(self, grace=None):
        """The findings by the name of their check."""
        return {finding.check: finding for finding in self.audit(grace).findings}

    def settle(self):
        settle(self.world)


class CopiedWorld(World):
    """A world that continues from another one's state; each database is copied before its first change."""

    def __post_init__(self):
        self.open, self.urls = {}, {}

    def take_over(self, origin):
        self.origin, self.ahead, self.seen = origin, origin.ahead, dict(origin.seen)
        self.open = dict(origin.open)
        return self

    def own(self, name):
        """The database of a service, copied if it is not yet, so that it may be changed."""
        if name not in self.urls:
            self.origin.open[name].engine.dispose()  # a template database may have no connections
            self.urls[name] = copy_of(self.origin.urls[name], f"test_audit_{secrets.token_hex(5)}")
            self.open[name] = self._open(name, SERVICES[name][1])
        return self.open[name]


def copy_of(url, name):
    """Copy a database; returns the URL of the copy."""
    admin = make_url(admin_url()).set(drivername="postgresql+psycopg2")
    engine = create_engine(admin, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(url).database}"'))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def day():
    """The day, played once."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        keys = new_keys(monkeypatch, "QUOTE", tokens._key, quote_tokens._key)
        next(keys)
        set_carriers(monkeypatch)
        wechat = FakeWeChatPay()
        monkeypatch.setitem(PaymentsService.providers.registry.adapters, "wechat", wechat)
        world = World(wechat)
        played = Day(world)
        for open_work in world.open.values():
            open_work.engine.dispose()
        yield played
        next(keys, None)
        world.close()


@pytest.fixture
def shop(day, monkeypatch):
    """The shop at the end of the day, to be damaged."""
    world = CopiedWorld(copy.deepcopy(day.world.wechat)).take_over(day.world)
    monkeypatch.setitem(PaymentsService.providers.registry.adapters, "wechat", world.wechat)
    yield Damaged(world, day)
    for name in world.urls:
        world.open[name].engine.dispose()
        drop_database(world.urls[name])


@pytest.fixture
def copied_shop(shop):
    """The same with all databases copied, so that its services may change them."""
    for name in SERVICES:
        shop.world.own(name)
    return shop
